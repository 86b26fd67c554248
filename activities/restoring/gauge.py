"""What a process remembers of PostgreSQL: by that it knows a database from an older backup."""

from datetime import datetime
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from schemas.tides import Tide, has_ebbed
from storage.locks import Locked
from storage.tides import TideRow


class Seen(NamedTuple):
    """The highest tide seen, by PostgreSQL's clock lately at `wall`; the last mail claimed here."""

    tide: Tide | None = None
    wall: datetime | None = None
    send: UUID | None = None


class Gauge:
    """Remembers for one process; safe to share between threads.

    Take `seen` before a statement, and judge its answer by that: what others have seen meanwhile
    need not be in it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen = Seen()

    @property
    def seen(self) -> Seen:
        """What was committed for sure by now."""
        return self._seen

    def claimed(self, send: UUID) -> None:
        """Remember a claim that is committed."""
        with self._lock:
            self._seen = self._seen._replace(send=send)

    def is_lost(self, before: Seen, locked: Locked) -> bool:
        """Tell whether what was seen `before` is lost by what a claim's own statement shows."""
        forgotten = before.send is not None and not locked.knows
        return forgotten or has_ebbed(before.tide, locked.tide)

    def has_ebbed(self, before: Seen, now: TideRow | None) -> bool:
        """Tell the same by the tide alone."""
        return has_ebbed(before.tide, now)

    def saw(self, tide: TideRow) -> None:
        """Remember a tide that is committed, if it is the highest."""
        with self._lock:
            if not has_ebbed(tide, self._seen.tide):
                return
            self._seen = self._seen._replace(tide=tide.tide, wall=tide.wall)

    def forget(self) -> None:
        """Begin anew: that something is lost is put down where all see it."""
        with self._lock:
            self._seen = Seen()

"""Published sequences, parsed once: a version never changes."""

from collections import OrderedDict
from functools import cache
from threading import Lock

from sqlalchemy import Connection

from schemas.sequence import Sequence
from storage import versions

_KEPT = 256


class Sequences:
    """The sequences in use by the hashes of their versions; safe to share between threads."""

    def __init__(self, size: int = _KEPT) -> None:
        self._size = size
        self._kept: OrderedDict[str, Sequence] = OrderedDict()
        self._lock = Lock()

    def get(self, connection: Connection, version_hash: str) -> Sequence | None:
        """Give the sequence of a version."""
        with self._lock:
            if version_hash in self._kept:
                self._kept.move_to_end(version_hash)
                return self._kept[version_hash]
        version = versions.get(connection, version_hash)
        return None if version is None else self._keep(version_hash, version.sequence)

    def latest(self, connection: Connection, name: str) -> Sequence | None:
        """Give the version of a sequence that was published last."""
        newest = versions.latest_hash(connection, name)
        return None if newest is None else self.get(connection, newest)

    def _keep(self, version_hash: str, sequence: Sequence) -> Sequence:
        with self._lock:
            kept = self._kept.setdefault(version_hash, sequence)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
            return kept


@cache
def sequences() -> Sequences:
    """Give those of this process: a hash names the same sequence in every database."""
    return Sequences()

"""Brings notices to whom they are for, by the door of their kind, for up to three days."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Literal, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from schemas.values import Value
from storage import notices
from storage.notices import Kind, Notice

PAUSES = (
    *(timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 12, 20, 24)),
)
"""How long after each failure a notice is tried again: three days in all, then it is given up."""

EVERY_SECONDS = 2
"""How often each worker looks for notices that are due."""

_MOST_AT_ONCE = 50
_NO_DATABASE = (OperationalError, InterfaceError, NoConnectionLeft)

log = logging.getLogger(__name__)


class Outcome(Value):
    """What came of bringing a notice; `why` holds no personal data, `again` may name the pause."""

    state: Literal["delivered", "failed", "gone"]
    why: str = ""
    again: timedelta | None = None


class Door(Protocol):
    """What notices of one kind go through."""

    async def bring(self, notice: Notice) -> Outcome:
        """Bring a notice, within seconds; it may have been brought before."""


Doors = Mapping[Kind, Door]


class Noticing:
    """Brings notices in the background; several processes may do so at the same time."""

    def __init__(self, engine: Engine, doors: Doors) -> None:
        self._engine = engine
        self._doors = doors

    async def run(self) -> None:
        """Bring notices until cancelled, and then finish those under way.

        One endpoint has five at once at most: one that hangs holds up nobody else's.
        """
        under_way: dict[asyncio.Task[None], str] = {}
        try:
            while True:
                for notice in await self._taken(list(under_way.values())):
                    bringing = asyncio.create_task(self._bring(notice))
                    under_way[bringing] = notice.endpoint
                for bringing in await _over(under_way):
                    del under_way[bringing]
        finally:
            if under_way:
                await asyncio.wait(under_way)

    async def once(self) -> int:
        """Bring what is due now, of one endpoint five at most, and tell how many there were."""
        taken = await self._taken([])
        await asyncio.gather(*(self._bring(notice) for notice in taken))
        return len(taken)

    async def _taken(self, busy: list[str]) -> list[Notice]:
        try:
            return await asyncio.to_thread(self._take, busy)
        except _NO_DATABASE as error:
            log.warning("notices wait: PostgreSQL does not answer (%s)", type(error).__name__)
        except Exception:  # a loop that dies would leave all later notices lying
            log.exception("notices wait for a fault of our own")
        return []

    def _take(self, busy: list[str]) -> list[Notice]:
        room = _MOST_AT_ONCE - len(busy)
        if room <= 0:
            return []
        with self._engine.begin() as connection:
            return notices.take(connection, room, kinds=list(self._doors), busy=busy)

    async def _bring(self, notice: Notice) -> None:
        try:
            outcome = await self._doors[notice.kind].bring(notice)
        except Exception as error:  # it is brought again, like one whose door is closed
            log.exception("notice %d waits for a fault of our own", notice.id)
            outcome = Outcome(state="failed", why=f"a fault of our own ({type(error).__name__})")
        # Where that cannot be written down, the notice comes again after its lease.
        with suppress(*_NO_DATABASE):
            await asyncio.to_thread(self._record, notice, outcome)

    def _record(self, notice: Notice, outcome: Outcome) -> None:
        with self._engine.begin() as connection:
            if outcome.state == "delivered":
                notices.delivered(connection, notice.id)
            elif outcome.state == "failed" and notice.attempts <= len(PAUSES):
                again = outcome.again or PAUSES[notice.attempts - 1]
                log.warning("notice %d waits for %s (%s)", notice.id, again, outcome.why)
                notices.failed(connection, notice.id, outcome.why, again)
            else:
                log.error("notice %d was given up (%s)", notice.id, outcome.why)
                notices.gone(connection, notice.id, outcome.why)


async def _over(under_way: Mapping[asyncio.Task[None], str]) -> set[asyncio.Task[None]]:
    if not under_way:
        await asyncio.sleep(EVERY_SECONDS)
        return set()
    first = asyncio.FIRST_COMPLETED
    done, _ = await asyncio.wait(under_way, timeout=EVERY_SECONDS, return_when=first)
    return done

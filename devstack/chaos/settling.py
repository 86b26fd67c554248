"""After the storm: waiting until all has ended, and letting the half hour of doubts pass."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

import httpx
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from devstack.demo.stage import Stage
from devstack.timeskip import SkipFailedError, skip
from schemas.values import Value
from storage.audit import loose_ends
from storage.schema.tables import enrollments, sends

_LOOK_SECONDS, _QUIET_SECONDS, _STUCK_SECONDS = 0.5, 3.0, 200.0
_DOUBT, _AT_ONCE = timedelta(minutes=31), 4


class Standing(Value):
    """How much is not over: enrollments, mails in doubt of live ones, loose ends, posts."""

    live: int
    doubts: tuple[str, ...]
    loose: int
    posts: int

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return not (self.live or self.loose or self.posts)


async def settle(stage: Stage) -> int:
    """Wait until all is over; give how many enrollments were led through their half hour of doubt.

    When nothing has moved for long, what is left is left to the verdict.
    """
    before, since, led = None, time.monotonic(), 0
    while True:
        now = await _standing(stage)
        if now is not None and now.is_over:
            return led
        if now != before:
            before, since = now, time.monotonic()
        quiet = time.monotonic() - since
        if now is not None and now.doubts and quiet > _QUIET_SECONDS:
            led += await _lead(stage, now.doubts)
            since = time.monotonic()
        elif quiet > _STUCK_SECONDS:
            return led
        await asyncio.sleep(_LOOK_SECONDS)


async def _standing(stage: Stage) -> Standing | None:
    with suppress(httpx.TransportError, DBAPIError):
        pending = (await stage.emulator.drain(timedelta(seconds=1))).pending
        with stage.engine.connect() as connection:
            live = list(connection.scalars(select(enrollments.c.id).where(_LIVE)))
            return Standing(
                live=len(live),
                doubts=_doubts(connection),
                loose=loose_ends(connection),
                posts=pending,
            )
    return None


_LIVE = enrollments.c.ended_at.is_(None)


def _doubts(connection: Connection) -> tuple[str, ...]:
    found = (
        select(enrollments.c.workflow_id)
        .join_from(sends, enrollments, enrollments.c.id == sends.c.enrollment_id)
        .where(_LIVE, sends.c.state == "in_doubt")
        .distinct()
        .order_by(enrollments.c.workflow_id)
    )
    return tuple(connection.scalars(found))


async def _lead(stage: Stage, workflow_ids: tuple[str, ...]) -> int:
    turns = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(workflow_id: str) -> None:
        async with turns:
            with suppress(SkipFailedError):
                await skip(stage.client, workflow_id, _DOUBT)

    await asyncio.gather(*map(in_turn, workflow_ids))
    return len(workflow_ids)

"""The virtual clocks of all enrollments, moved together."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from temporalio.client import Client

from devstack.timeskip import Moved, SkipFailedError, skip
from runtime.clock import wall_now
from starter.moments import moment_of

_AT_ONCE = 16
_NEAR = timedelta(seconds=30)

# Long enough for a killed worker to be started again, and for Temporal to give up what it had
# begun (60 s, the start-to-close timeout of a send).
_PATIENCE = timedelta(minutes=5)


class Clocks:
    """How far ahead of the wall each enrollment is; one driver moves them all."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._ahead: dict[str, timedelta] = {}

    async def move(self, workflow_ids: Iterable[str], to: datetime) -> None:
        """Bring each enrollment to the virtual moment `to`, a few at once.

        Each by as much as it lacks: one that was held up, or has just begun, stays no minute
        behind. Raises SkipFailedError if one does not move, as without a worker.
        """
        turns = asyncio.Semaphore(_AT_ONCE)

        async def in_turn(workflow_id: str) -> None:
            async with turns:
                await self._move(workflow_id, to)

        try:
            async with asyncio.TaskGroup() as group:
                for workflow_id in workflow_ids:
                    group.create_task(in_turn(workflow_id))
        except* SkipFailedError as failures:
            raise failures.exceptions[0] from None

    async def _move(self, workflow_id: str, to: datetime) -> None:
        lacks = to - await self._now(workflow_id)
        if lacks < _NEAR:
            return
        moved = await skip(self._client, workflow_id, lacks, patience=_PATIENCE)
        if isinstance(moved, Moved):
            self._ahead[workflow_id] = moved.now - wall_now()

    async def _now(self, workflow_id: str) -> datetime:
        if workflow_id not in self._ahead:
            wall = wall_now()
            self._ahead[workflow_id] = await moment_of(self._client, workflow_id, wall) - wall
        return wall_now() + self._ahead[workflow_id]

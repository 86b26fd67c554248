"""A list's workflow: started, looked after from outside, and stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from temporalio.client import Client, WorkflowHandle
from temporalio.common import Priority, WorkflowIDConflictPolicy

from schemas.lists import ListReport, ListRequest
from schemas.names import QUEUE_ENROLLMENTS, WORKFLOW_LIST
from schemas.values import Value
from starter.watching import Watch, unwatched
from storage.entering import list_counts, lists
from storage.entering.list_counts import Counts
from storage.entering.lists import ListRow

_PAUSE = 0.5

# Else it would wait, each time that it is taken over, behind all that its own rows have begun.
_AHEAD = Priority(priority_key=1)


class Standing(Value):
    """Where a list stands: its rows, and what became of those that were started."""

    rows: Counts
    answers: Counts

    @property
    def enrolled(self) -> int:
        """Those that were let in."""
        return self.answers.started

    @property
    def waiting(self) -> int:
        """Those that nobody has started, or looked at after the start."""
        return self.rows.waiting + self.answers.waiting

    @property
    def refused(self) -> dict[str, int]:
        """Those that were refused, by the reason, wherever that was found out."""
        both = (self.rows.reasons, self.answers.reasons)
        names = {name for reasons in both for name in reasons}
        return {name: sum(one.get(name, 0) for one in both) for name in sorted(names)}


async def watched_to_the_end(
    client: Client, engine: Engine, kept: ListRow, *, patience: timedelta, watch: Watch = unwatched
) -> Standing:
    """Let a list go on and tell `watch` how far it is, until all are answered or nothing moves.

    A stopped list goes on, too. `patience` is how long nothing may move.
    """
    await asyncio.to_thread(_unstop, engine, kept.id)
    while await _ended(client, engine, kept, patience, watch):
        standing = await asyncio.to_thread(standing_of, engine, kept.id)
        if not standing.rows.waiting:
            await _until(lambda: _unanswered(engine, kept.id), patience)
            break
        # The workflow that was found has ended for a stop of before.
        if await asyncio.to_thread(_is_stopped, engine, kept.id):
            break
    return await asyncio.to_thread(standing_of, engine, kept.id)


def standing_of(engine: Engine, list_id: UUID) -> Standing:
    """Tell where a list stands."""
    with engine.connect() as connection:
        return Standing(
            rows=list_counts.counts(connection, list_id),
            answers=list_counts.answered(connection, list_id),
        )


def stop(engine: Engine, list_id: UUID, at: datetime) -> ListRow | None:
    """Stop a list: what is just being started is the last; None if there is no such list.

    One that is finished stays so.
    """
    with engine.begin() as connection:
        lists.stop(connection, list_id, at)
        return lists.get(connection, list_id)


def _unstop(engine: Engine, list_id: UUID) -> None:
    with engine.begin() as connection:
        lists.note(connection, list_id, stopped_wall=None)


async def _until(look: Callable[[], Awaitable[int | None]], patience: timedelta) -> bool:
    """Look again and again, until there is nothing left, or, False, nothing moves for so long."""
    clock = asyncio.get_running_loop().time
    last, moved_at = -1, clock()
    while (now := await look()) is not None and clock() - moved_at < patience.total_seconds():
        if now != last:
            last, moved_at = now, clock()
        await asyncio.sleep(_PAUSE)
    return now is None


async def _ended(
    client: Client, engine: Engine, kept: ListRow, patience: timedelta, watch: Watch
) -> bool:
    handle = await _started(client, kept)
    end = asyncio.create_task(handle.result())

    async def moved() -> int | None:
        counted = await asyncio.to_thread(_counts, engine, kept.id)
        watch(counted.done, counted.rows)
        if end.done():
            end.result()
            return None
        # The end itself may come late: it queues with what the rows have begun.
        return counted.done if counted.waiting else None

    try:
        return await _until(moved, patience)
    finally:
        end.cancel()


async def _started(client: Client, kept: ListRow) -> WorkflowHandle[object, ListReport]:
    return await client.start_workflow(
        WORKFLOW_LIST,
        ListRequest(list_id=str(kept.id)),
        id=f"list.{kept.id}",
        task_queue=QUEUE_ENROLLMENTS,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        result_type=ListReport,
        priority=_AHEAD,
        static_summary=f"enroll a list in {kept.sequence}",
    )


async def _unanswered(engine: Engine, list_id: UUID) -> int | None:
    standing = await asyncio.to_thread(standing_of, engine, list_id)
    return standing.answers.waiting or None


def _is_stopped(engine: Engine, list_id: UUID) -> bool:
    with engine.connect() as connection:
        kept = lists.get(connection, list_id)
    return kept is None or kept.stopped_wall is not None


def _counts(engine: Engine, list_id: UUID) -> Counts:
    with engine.connect() as connection:
        return list_counts.counts(connection, list_id)

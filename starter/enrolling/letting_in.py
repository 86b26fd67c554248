"""Whether enrollments that were started were let in: audience, suppression, policy."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import repeat

from sqlalchemy import Engine
from temporalio.client import Client, WorkflowExecutionStatus

from schemas.enrollment import EnrollmentReport
from schemas.outcomes import Refused
from schemas.values import Moment, Value
from starter.enrolling.enrollments import WINDOW, Started
from starter.watching import Watch, unwatched
from storage import enrollments
from storage.entering import places

_PAUSES = (0.02, 0.05, 0.1)
_LONGEST_PAUSE = 0.25


class LetIn(Value):
    """The enrollment is on record and runs."""

    row: str


class Queued(Value):
    """The enrollment has a place on a later day, and begins then."""

    until: Moment
    why: str


class Unanswered(Value):
    """Nobody has answered in time: no worker runs, or it is busy; the enrollment waits for one."""


Answer = LetIn | Refused | Queued | Unanswered


async def answers(
    client: Client,
    engine: Engine,
    started: Iterable[Started],
    *,
    patience: timedelta,
    watch: Watch = unwatched,
) -> list[Answer]:
    """Wait, at most `patience` for all together, for each one's answer, in the order given."""
    asked = list(started)
    turns = asyncio.Semaphore(WINDOW)
    found: dict[str, Answer] = {}

    async def in_turn(one: Started) -> None:
        async with turns:
            found[one.run_id] = await _answer(client, engine, one)
            watch(len(found), len(asked))

    try:
        async with asyncio.timeout(patience.total_seconds()), asyncio.TaskGroup() as group:
            for one in asked:
                group.create_task(in_turn(one))
    except TimeoutError:
        pass
    return [found.get(one.run_id, Unanswered()) for one in asked]


async def _answer(client: Client, engine: Engine, started: Started) -> Answer:
    for pause in _pauses():
        answer = await asyncio.to_thread(_recorded, engine, started) or await _ended(
            client, started
        )
        if answer is not None:
            return answer
        await asyncio.sleep(pause)
    return Unanswered()


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    yield from repeat(_LONGEST_PAUSE)


def _recorded(engine: Engine, started: Started) -> LetIn | Queued | None:
    with engine.connect() as connection:
        row = enrollments.on_record(connection, started.workflow_id, started.run_id)
        if row is not None and row.run_id == started.run_id:
            return LetIn(row=str(row.id))
        place = places.of_run(connection, started.workflow_id, started.run_id)
    if place is None or place.over is not None or place.opens_at is None:
        return None
    return Queued(until=place.opens_at, why=place.why)


async def _ended(client: Client, started: Started) -> Answer | None:
    handle = client.get_workflow_handle(
        started.workflow_id, run_id=started.run_id, result_type=EnrollmentReport
    )
    status = (await handle.describe()).status
    if status != WorkflowExecutionStatus.COMPLETED:
        return None
    report = await handle.result()
    if report.refused:
        return Refused(reason=report.ending, message=report.message)
    return None

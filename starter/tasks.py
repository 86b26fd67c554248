"""What people have to do, and its being done."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from temporalio.client import Client

from schemas.events import TaskDone
from schemas.outcomes import Refused
from schemas.values import Value, cut
from starter.moments import moment_of
from starter.outgoing.relay import deliver_pending
from storage import deliveries, enrolled, tasks
from storage.rows import EnrollmentRow, TaskRow


class Completed(Value):
    """The task is done; `counts` if that changed its enrollment, `before` if it was done before."""

    id: str
    task: str
    workflow_id: str
    counts: bool
    before: bool


async def complete(
    client: Client, engine: Engine, task: UUID, *, who: str, wall: datetime
) -> Completed | Refused:
    """Record that a person did the task, and tell its enrollment; again changes nothing.

    One done too late, or after the ending, changes only its own record (language rule 19).
    """
    found = await asyncio.to_thread(_look_up, engine, task)
    if found is None:
        return _unknown(task)
    at = cut(await moment_of(client, found.row.workflow_id, wall))
    completed = await asyncio.to_thread(_commit, engine, found, _By(who=who, at=at))
    await deliver_pending(engine, client)
    return completed


class _Found(Value):
    task: TaskRow
    row: EnrollmentRow


class _By(Value):
    who: str
    at: datetime


def _look_up(engine: Engine, task: UUID) -> _Found | None:
    with engine.connect() as connection:
        found = tasks.get(connection, task)
        if found is None:
            return None
        return _Found(task=found, row=enrolled.get(connection, found.enrollment_id))


def _commit(engine: Engine, found: _Found, by: _By) -> Completed | Refused:
    with engine.begin() as connection:
        done = tasks.done(connection, found.task.id, by.who, by.at)
        if done is None:
            return _unknown(found.task.id)
        if done.counts:
            deliveries.enqueue(connection, found.row.workflow_id, _event(done.task, by.at))
    return Completed(
        id=str(done.task.id),
        task=done.task.task,
        workflow_id=found.row.workflow_id,
        counts=done.counts,
        before=found.task.state == "done",
    )


def _event(task: TaskRow, at: datetime) -> TaskDone:
    return TaskDone(id=f"task.{task.id.hex}", at=at, step=task.step, occurrence=task.occurrence)


def _unknown(task: UUID) -> Refused:
    message = f"there is no task {task}: `postroad tasks list` shows those that there are"
    return Refused(reason="unknown_task", message=message)

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
from starter.relay import deliver_pending
from storage import deliveries, enrolled, tasks
from storage.rows import EnrollmentRow, TaskRow


class Completed(Value):
    """The task is done; whether its enrollment goes on by that (`counts`), or was past it."""

    id: str
    task: str
    workflow_id: str
    counts: bool


async def complete(
    client: Client, engine: Engine, task: UUID, *, who: str, wall: datetime
) -> Completed | Refused:
    """Record that a person did the task, and tell its enrollment; again changes nothing.

    One done too late, or after the ending, changes only its own record (language rule 19).
    """
    row = await asyncio.to_thread(_enrollment_of, engine, task)
    if row is None:
        return _unknown(task)
    at = cut(await moment_of(client, row.workflow_id, wall))
    completed = await asyncio.to_thread(_commit, engine, row, _By(task=task, who=who, at=at))
    await deliver_pending(engine, client)
    return completed


class _By(Value):
    task: UUID
    who: str
    at: datetime


def _enrollment_of(engine: Engine, task: UUID) -> EnrollmentRow | None:
    with engine.connect() as connection:
        found = tasks.get(connection, task)
        return None if found is None else enrolled.get(connection, found.enrollment_id)


def _commit(engine: Engine, row: EnrollmentRow, by: _By) -> Completed | Refused:
    with engine.begin() as connection:
        done = tasks.done(connection, by.task, by.who, by.at)
        if done is None:
            return _unknown(by.task)
        if done.counts:
            deliveries.enqueue(connection, row.workflow_id, _event(done.task, by.at))
    return Completed(
        id=str(done.task.id),
        task=done.task.task,
        workflow_id=row.workflow_id,
        counts=done.counts,
    )


def _event(task: TaskRow, at: datetime) -> TaskDone:
    return TaskDone(id=f"task.{task.id.hex}", at=at, step=task.step, occurrence=task.occurrence)


def _unknown(task: UUID) -> Refused:
    message = f"there is no task {task}: `postroad tasks list` shows those that there are"
    return Refused(reason="unknown_task", message=message)

"""Tasks for people: opened once, done in time or late, closed with their enrollment."""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Value
from storage.rows import ListedTask, TaskRow, shaped
from storage.schema.tables import contacts, enrollments, tasks


class NewTask(Value):
    """A task that a step asks a person to do, by `late_at` if it has such a moment."""

    row: UUID
    step: str
    occurrence: int = 1
    task: str
    blocking: bool
    opened_at: datetime
    late_at: datetime | None = None


class Done(NamedTuple):
    """A task done now or before; only one done now and open till then counts elsewhere."""

    task: TaskRow
    counts: bool


def open_task(connection: Connection, new: NewTask) -> bool:
    """Open a task of a live enrollment, and tell whether it is a new one."""
    given = {
        name: literal(value, tasks.c[name].type)
        for name, value in new.model_dump(exclude={"row"}).items()
    } | {"state": literal("open")}
    of_enrollment = select(enrollments.c.id, enrollments.c.contact_id, *given.values()).where(
        enrollments.c.id == new.row, enrollments.c.ended_at.is_(None)
    )
    opened = (
        insert(tasks)
        .from_select(["enrollment_id", "contact_id", *given], of_enrollment)
        .on_conflict_do_nothing()
        .returning(tasks.c.id)
    )
    return connection.scalar(opened) is not None


def get(connection: Connection, task: UUID) -> TaskRow | None:
    """Give a task."""
    row = connection.execute(select(tasks).where(tasks.c.id == task)).mappings().first()
    return None if row is None else shaped(TaskRow, row)


def done(connection: Connection, task: UUID, who: str, at: datetime) -> Done | None:
    """Record that a person did a task; None if there is no such task.

    One that was closed before becomes done too, which counts for its own record only; one done
    before stays as it was (language rule 19).
    """
    before = connection.scalar(select(tasks.c.state).where(tasks.c.id == task).with_for_update())
    recorded = (
        update(tasks)
        .where(tasks.c.id == task, tasks.c.state != "done")
        .values(state="done", done_at=at, done_by=who)
    )
    connection.execute(recorded)
    row = get(connection, task)
    return None if row is None else Done(row, counts=before == "open")


def close_of(connection: Connection, row: UUID) -> int:
    """Close an enrollment's open tasks, and tell how many there were."""
    closed = (
        update(tasks)
        .where(tasks.c.enrollment_id == row, tasks.c.state == "open")
        .values(state="closed")
    )
    return connection.execute(closed).rowcount


def listing(
    connection: Connection,
    *,
    state: Literal["open", "done", "closed"] | None = "open",
    row: UUID | None = None,
    limit: int = 100,
) -> list[ListedTask]:
    """List tasks, the oldest first, of all enrollments or of one."""
    found = (
        select(tasks, enrollments.c.workflow_id, enrollments.c.sequence, contacts.c.email)
        .join_from(tasks, enrollments, enrollments.c.id == tasks.c.enrollment_id)
        .join(contacts, contacts.c.id == tasks.c.contact_id)
        .order_by(tasks.c.opened_at, tasks.c.id)
        .limit(limit)
    )
    wanted = {"state": state, "enrollment_id": row}
    rules = [tasks.c[name] == value for name, value in wanted.items() if value is not None]
    return [shaped(ListedTask, task) for task in connection.execute(found.where(*rules)).mappings()]

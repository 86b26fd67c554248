"""Enrollments that are held at a mail which was refused: by cause, and who they are."""

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, func, select

from schemas.values import Value
from storage.rows import Instant, shaped
from storage.schema.tables import controls, enrollments, sends

_RESUMED_SINCE = exists().where(
    controls.c.enrollment_id == sends.c.enrollment_id,
    controls.c.action == "resume",
    controls.c.wall > sends.c.settled_wall,
)
_HELD = (
    (sends.c.state == "refused")
    & enrollments.c.ended_at.is_(None)
    & enrollments.c.paused_at.is_(None)
    & ~_RESUMED_SINCE
)


class Held(Value):
    """A cause for which enrollments are held, how many, in which sequences, and since when."""

    cause: str
    count: int
    sequences: tuple[str, ...]
    since: Instant


class HeldMail(Value):
    """An enrollment that is held, and at which mail."""

    row: UUID
    workflow_id: str
    step: str


def by_cause(connection: Connection) -> list[Held]:
    """Give the causes, the most frequent first."""
    count = func.count(sends.c.enrollment_id.distinct())
    found = (
        select(
            sends.c.reason.label("cause"),
            count.label("count"),
            func.array_agg(sends.c.sequence.distinct()).label("sequences"),
            func.min(sends.c.settled_at).label("since"),
        )
        .join_from(sends, enrollments, enrollments.c.id == sends.c.enrollment_id)
        .where(_HELD)
        .group_by(sends.c.reason)
        .order_by(count.desc(), sends.c.reason)
    )
    return [shaped(Held, row) for row in connection.execute(found).mappings()]


def held_for(connection: Connection, cause: str) -> list[HeldMail]:
    """Give who is held for a cause, or one that begins so: whose mail was due first first."""
    begins: ColumnElement[bool] = func.starts_with(sends.c.reason, cause)
    found = (
        select(enrollments.c.id.label("row"), enrollments.c.workflow_id, sends.c.step)
        .join_from(sends, enrollments, enrollments.c.id == sends.c.enrollment_id)
        .where(_HELD, begins)
        .order_by(sends.c.due_at, sends.c.id)
        .with_for_update(of=enrollments, key_share=True)
    )
    return [shaped(HeldMail, row) for row in connection.execute(found).mappings()]

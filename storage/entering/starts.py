"""Starts: enrollments committed with what caused them, to be brought to Temporal afterwards."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from pydantic import Field
from sqlalchemy import Connection, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Facts, Value
from storage.entering.appointments import Of
from storage.rows import Instant, shaped
from storage.schema.tables import enrollments
from storage.schema.trigger_tables import starts

LEASE = timedelta(minutes=1)
"""How long, by the wall clock, nobody else takes a start that somebody has taken to bring."""

_WAITING = starts.c.started_wall.is_(None) & starts.c.refused.is_(None)

_earlier = starts.alias("earlier")
# Two causes at once enroll once: the second is asked for when the first is on record.
_COMES_AFTER_ANOTHER = exists().where(
    _earlier.c.contact_id == starts.c.contact_id,
    _earlier.c.sequence == starts.c.sequence,
    _earlier.c.key.is_not_distinct_from(starts.c.key),
    _earlier.c.id < starts.c.id,
    _earlier.c.started_wall.is_(None),
    _earlier.c.refused.is_(None),
)


class NewStart(Value):
    """An enrollment to be started, once per `natural_key`, or `refused` from the beginning.

    `trigger` is the mark of what asks for it, `at` the enrollment's own moment. Where the contact
    is enrolled already, it is tried `patience` times: that enrollment may be about to end.
    """

    natural_key: str
    sequence: str
    trigger: str | None = None
    contact_id: str
    key: str | None = None
    data: Facts = Field(default_factory=dict)
    at: Instant
    source: str
    patience: int = 1
    refused: str | None = None
    message: str | None = None


class Start(NewStart):
    """A start taken to be brought; `attempts` counts this one."""

    id: int
    attempts: int


def lay_out(connection: Connection, new: Iterable[NewStart]) -> int:
    """Lay out starts, which are brought once this is committed; give how many were not known."""
    rows = [one.model_dump() for one in new]
    if not rows:
        return 0
    laid_out = insert(starts).values(rows).on_conflict_do_nothing().returning(starts.c.id)
    return len(connection.scalars(laid_out).all())


def take(connection: Connection, limit: int) -> list[Start]:
    """Take due starts to bring, nobody else's for LEASE, in order.

    Of one contact, sequence and key only the oldest is taken.
    """
    chosen = (
        select(starts.c.id)
        .where(_WAITING, starts.c.due_wall <= func.now(), ~_COMES_AFTER_ANOTHER)
        .order_by(starts.c.due_wall, starts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    taken = (
        update(starts)
        .where(starts.c.id.in_(select(chosen.c.id)))
        .values(due_wall=func.now() + LEASE, attempts=starts.c.attempts + 1)
        .returning(starts)
    )
    found = [shaped(Start, row) for row in connection.execute(taken).mappings()]
    return sorted(found, key=lambda start: start.id)


def started(connection: Connection, of: Collection[int]) -> None:
    """Record that the enrollments' workflows run."""
    run = update(starts).where(starts.c.id.in_(of), _WAITING)
    connection.execute(run.values(started_wall=func.now(), last_error=None))


def refused(connection: Connection, start: int, reason: str, message: str) -> None:
    """Put down why an enrollment was not started, and never will be by this."""
    _record(connection, start, refused=reason, message=message, last_error=None)


def failed(connection: Connection, start: int, why: str, again: timedelta) -> None:
    """Record that a start could not be brought, and is to be tried again after a while."""
    _record(connection, start, due_wall=func.now() + again, last_error=why)


def waiting_of(connection: Connection, contact_id: str) -> list[Start]:
    """Give a contact's starts that are still to be brought."""
    found = select(starts).where(starts.c.contact_id == contact_id, _WAITING).order_by(starts.c.id)
    return [shaped(Start, row) for row in connection.execute(found).mappings()]


def give(connection: Connection, start: int, data: Facts) -> None:
    """Give a start that is still to be brought other data."""
    _record(connection, start, data=data)


def of_contact(connection: Connection, contact_id: str, sequence: str) -> list[Start]:
    """Give a contact's starts in a sequence that are to be brought, or were refused, in order."""
    found = (
        select(starts)
        .where(
            starts.c.contact_id == contact_id,
            starts.c.sequence == sequence,
            starts.c.started_wall.is_(None),
        )
        .order_by(starts.c.id)
    )
    return [shaped(Start, row) for row in connection.execute(found).mappings()]


def asked_since(
    connection: Connection, of: Of, contacts: Collection[str], since: datetime
) -> set[str]:
    """Give those of some contacts for whom a trigger has asked from a moment on."""
    found = select(starts.c.contact_id).where(
        starts.c.sequence == of.sequence,
        starts.c.trigger == of.trigger,
        starts.c.contact_id.in_(contacts),
        starts.c.at >= since,
    )
    return set(connection.scalars(found))


def count_since(connection: Connection, of: Of, since: datetime) -> int:
    """Count those a trigger has asked for from a moment on, by the wall; the refused left out."""
    found = select(func.count()).where(
        starts.c.sequence == of.sequence,
        starts.c.trigger == of.trigger,
        starts.c.created_wall >= since,
        starts.c.refused.is_(None),
    )
    return connection.scalars(found).one()


def waiting(connection: Connection) -> int:
    """Count the starts still to be brought."""
    return connection.scalars(select(func.count()).where(_WAITING)).one()


def begun(connection: Connection, of: Collection[int]) -> dict[int, str]:
    """Give, of starts, those by whose own moment an enrollment has begun, and its workflow."""
    found = (
        select(starts.c.id, func.max(enrollments.c.workflow_id).label("workflow"))
        .where(
            starts.c.id.in_(of),
            enrollments.c.enrolled_at == starts.c.at,
            enrollments.c.contact_id == starts.c.contact_id,
            enrollments.c.sequence == starts.c.sequence,
            enrollments.c.key.is_not_distinct_from(starts.c.key),
        )
        .group_by(starts.c.id)
    )
    return {one.id: one.workflow for one in connection.execute(found)}


def is_over(connection: Connection, start: NewStart) -> bool:
    """Tell whether all enrollments of a start's contact, sequence and key have ended, one lately.

    The workflow of that one may still run then.
    """
    lately = func.now() - _CLOSING
    closes = enrollments.c.closed_wall.is_(None) | (enrollments.c.closed_wall > lately)
    found = select(func.bool_and(enrollments.c.ended_at.is_not(None)) & func.bool_or(closes)).where(
        enrollments.c.contact_id == start.contact_id,
        enrollments.c.sequence == start.sequence,
        enrollments.c.key.is_not_distinct_from(start.key),
    )
    return bool(connection.scalar(found))


def _record(connection: Connection, start: int, **values: object) -> None:
    connection.execute(update(starts).where(starts.c.id == start, _WAITING).values(**values))


_CLOSING = timedelta(minutes=1)

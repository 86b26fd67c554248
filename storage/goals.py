"""What may count as a sequence's success: events of contacts whom it has mailed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, Subquery, func, literal, select

from schemas.values import Facts, Value
from storage.rows import Instant, shaped
from storage.schema.tables import enrollments, events, sends


class Candidate(Value):
    """An event that came after the first mail of an enrollment of the same contact."""

    enrollment: UUID
    enrolled_at: Instant
    zone: str
    at: Instant
    fields: Facts


class Whose(Value):
    """The enrollments of one contact, for one key if a sequence has any."""

    contact_id: str
    key: str | None = None


def mailed(connection: Connection, sequence: str) -> int:
    """Count the enrollments of a sequence that had a mail."""
    found: int = connection.execute(
        select(func.count()).select_from(_first_mails(sequence))
    ).scalar_one()
    return found


def candidates(
    connection: Connection,
    sequence: str,
    event: str,
    within: timedelta,
    whose: Whose | None = None,
) -> list[Candidate]:
    """Give the events of a name that came from an enrollment's first mail on, in order.

    Those later than `within` after the enrollment are left out, and minutes are whole (rule 12).
    """
    first = _first_mails(sequence, whose)
    found = (
        select(*_CANDIDATE)
        .join_from(first, enrollments, enrollments.c.id == first.c.enrollment_id)
        .join(events, events.c.contact_id == enrollments.c.contact_id)
        .where(
            events.c.kind.in_(("event", "conversion")),
            events.c.name == event,
            first.c.at <= _MINUTE,
            enrollments.c.enrolled_at + literal(within) >= _MINUTE,
        )
        .order_by(enrollments.c.id, events.c.at, events.c.id)
    )
    return [shaped(Candidate, row) for row in connection.execute(found).mappings()]


def _first_mails(sequence: str, whose: Whose | None = None) -> Subquery:
    mails = (
        select(sends.c.enrollment_id, func.min(sends.c.claimed_at).label("at"))
        .where(sends.c.sequence == sequence, sends.c.state == "accepted")
        .group_by(sends.c.enrollment_id)
    )
    if whose is not None:
        mails = mails.join(enrollments, enrollments.c.id == sends.c.enrollment_id).where(
            sends.c.contact_id == whose.contact_id,
            enrollments.c.key.is_not_distinct_from(whose.key),
        )
    return mails.subquery("first")


_MINUTE = func.date_trunc("minute", events.c.at)
_CANDIDATE = (
    enrollments.c.id.label("enrollment"),
    enrollments.c.enrolled_at,
    enrollments.c.zone,
    _MINUTE.label("at"),
    events.c.fields,
)

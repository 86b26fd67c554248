"""What an audit asks of the tables: the ledger beside what could speak against it, loose ends."""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    union,
)

from schemas.ledger import SendState
from schemas.values import Value
from storage.rows import Instant, shaped
from storage.schema.ledger_tables import send_changes
from storage.schema.outgoing_tables import deliveries
from storage.schema.tables import (
    contacts,
    controls,
    enrollments,
    refusals,
    sends,
    suppressions,
    tasks,
)


class Posting(Value):
    """A mail on the ledger.

    `ended_at` is its enrollment's ending; `suppressed_at` the first suppression that reached the
    mail when it was claimed, which must not be; `doubted` tells whether it ever was in doubt.
    """

    send: UUID
    workflow_id: str
    enrollment: UUID
    step: str
    occurrence: int
    state: SendState
    claimed_at: Instant
    ended_at: Instant | None
    suppressed_at: Instant | None
    doubted: bool


class Run(Value):
    """A workflow's run, and what PostgreSQL says came of it; None while it lives."""

    workflow_id: str
    run_id: str | None
    ending: str | None


def ledger(connection: Connection) -> list[Posting]:
    """Give every mail that was ever claimed, in order of the claims."""
    found = (
        select(
            sends.c.id.label("send"),
            enrollments.c.workflow_id,
            sends.c.enrollment_id.label("enrollment"),
            *(sends.c[name] for name in ("step", "occurrence", "state", "claimed_at")),
            enrollments.c.ended_at,
            _suppressed_at().label("suppressed_at"),
            _doubted().label("doubted"),
        )
        .join_from(sends, enrollments, enrollments.c.id == sends.c.enrollment_id)
        .join(contacts, contacts.c.id == sends.c.contact_id)
        .order_by(sends.c.claimed_at, sends.c.id)
    )
    return [shaped(Posting, row) for row in connection.execute(found).mappings()]


def begun(connection: Connection) -> list[Run]:
    """Give every enrollment's run with its ending."""
    found = select(enrollments.c.workflow_id, enrollments.c.run_id, enrollments.c.ending)
    return [shaped(Run, row) for row in connection.execute(found).mappings()]


def refused(connection: Connection) -> list[Run]:
    """Give every run that was refused; its ending is the reason."""
    found = select(refusals.c.workflow_id, refusals.c.run_id, refusals.c.reason.label("ending"))
    return [shaped(Run, row) for row in connection.execute(found).mappings()]


def loose_ends(connection: Connection) -> int:
    """Count what is under way: signals, claims without an outcome, endings not closed, hand-offs.

    Zero means that nothing more happens before time passes or something comes in, as far as the
    tables know.
    """
    ended, closed = enrollments.c.ended_at, enrollments.c.closed_wall
    counted = (
        _count(deliveries.c.delivered_wall.is_(None) & deliveries.c.gone_wall.is_(None)),
        _count(sends.c.state == "claimed"),
        _count(ended.is_not(None) & closed.is_(None)),
        _count(ended.is_(None) & enrollments.c.run_id.is_(None)),
    )
    return sum(connection.execute(select(*counted)).one())


def minutes_in_use(connection: Connection) -> frozenset[int]:
    """Give the minutes of the hour at which something of a live enrollment took place.

    What is due of it is due whole hours after one of these, or as a window opens: a zone's offset
    of half an hour adds a second minute to each.
    """
    of_row = enrollments.c.id
    moments = (
        (enrollments.c.enrolled_at, of_row),
        (sends.c.claimed_at, sends.c.enrollment_id),
        (sends.c.settled_at, sends.c.enrollment_id),
        (tasks.c.opened_at, tasks.c.enrollment_id),
        (tasks.c.late_at, tasks.c.enrollment_id),
        (controls.c.at, controls.c.enrollment_id),
    )
    live = select(of_row).where(enrollments.c.ended_at.is_(None))
    minutes = union(
        *(
            select(extract("minute", moment)).where(moment.is_not(None), row.in_(live))
            for moment, row in moments
        )
    )
    return frozenset(int(minute) for minute in connection.scalars(minutes))


def _suppressed_at() -> ScalarSelect[object]:
    reached = suppressions.c.reaches.in_(
        (
            literal("exact:") + contacts.c.email_key,
            literal("canonical:") + contacts.c.email_canonical,
            literal("domain:") + contacts.c.email_domain,
        )
    )
    stops = (suppressions.c.scope == "all") | (sends.c.email_kind == "marketing")
    released = suppressions.c.released_at
    return (
        select(func.min(suppressions.c.at))
        .where(
            reached,
            stops,
            suppressions.c.topic.is_(None),
            suppressions.c.at < sends.c.claimed_at,
            or_(released.is_(None), released > sends.c.claimed_at),
        )
        .correlate(sends, contacts)
        .scalar_subquery()
    )


def _doubted() -> ColumnElement[bool]:
    return exists().where(send_changes.c.send_id == sends.c.id, send_changes.c.after == "in_doubt")


def _count(rule: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(rule).scalar_subquery()

"""Bringing back what a database from a backup lacks, and what a Temporal from a backup does."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from schemas.ledger import Verdict
from schemas.values import Facts, Value
from storage.enrollments import NewEnrollment
from storage.rows import Instant, SendRow, shaped, shaped_or_none
from storage.schema.outgoing_tables import deliveries
from storage.schema.tables import enrollments, events, sends
from storage.schema.trigger_tables import starts
from storage.sending import sends as ledger
from storage.sending.sends import Outcome

_TOLD_BY = "told by the history of its workflow, after a restore"


class LostSend(Value):
    """A mail's claim that the database has lost, or what came of it."""

    id: UUID
    enrollment_id: UUID
    step: str
    occurrence: int
    contact_id: str
    sequence: str
    version: str
    email_kind: Literal["marketing", "transactional"]
    resumes: int = 0
    due_at: datetime
    claimed_at: datetime
    message_id: str
    why: str
    arm: str | None = None


class LiveRow(Value):
    """An enrollment that lives or did lately, and what its workflow was started with, if known."""

    id: UUID
    workflow_id: str
    run_id: str | None = None
    sequence: str
    version: str
    contact_id: str
    key: str | None = None
    source: str
    enrolled_at: Instant
    ended_at: Instant | None = None
    given: dict[str, JsonValue] | None = None

    @property
    def data(self) -> Facts:
        """What it was given, if that is known."""
        data = (self.given or {}).get("data")
        return data if isinstance(data, dict) else {}

    @property
    def step(self) -> str | None:
        """The step at which it began, if not the first."""
        step = (self.given or {}).get("step")
        return step if isinstance(step, str) else None


def enter(connection: Connection, row: UUID, lost: NewEnrollment) -> bool | None:
    """Put an enrollment on record under its own id; None if another one stands in its way.

    Tells whether it was missing.
    """
    if connection.scalar(select(enrollments.c.id).where(enrollments.c.id == row)) is not None:
        return False
    entry = insert(enrollments).values(id=row, **lost.model_dump()).on_conflict_do_nothing()
    made = connection.scalar(entry.returning(enrollments.c.id))
    return True if made is not None else None


def claimed(connection: Connection, lost: LostSend) -> SendRow | None:
    """Put the claim of a mail on record unless there is one; give that which is there now."""
    known = select(sends).where(
        sends.c.enrollment_id == lost.enrollment_id,
        sends.c.step == lost.step,
        sends.c.occurrence == lost.occurrence,
    )
    found = shaped_or_none(SendRow, connection.execute(known).mappings().first())
    if found is not None:
        return found
    entry = insert(sends).values(**lost.model_dump(), state="claimed", cause="claim", attempt=1)
    row = connection.execute(entry.on_conflict_do_nothing().returning(sends)).mappings().first()
    return shaped_or_none(SendRow, row)


def accepted(connection: Connection, send: SendRow, at: datetime) -> bool:
    """Record that a mail was accepted, and tell whether that was not known."""
    if send.state == "accepted":
        return False
    outcome = Outcome(state="accepted", at=at, reason=_TOLD_BY, subject=send.subject)
    if ledger.record(connection, send.id, send.attempt, outcome):
        return True
    shown = Verdict(on="event", state="accepted", at=at, why=_TOLD_BY)
    return ledger.settle(connection, send.id, shown)


def doubted(connection: Connection, send: SendRow, at: datetime, why: str) -> bool:
    """Record that nobody knows whether a mail went, unless something is known of it."""
    outcome = Outcome(state="in_doubt", at=at, reason=why)
    return send.state == "claimed" and ledger.record(connection, send.id, send.attempt, outcome)


def given_up(connection: Connection, send: UUID, at: datetime) -> bool:
    """Record that a mail in doubt was settled as not sent."""
    verdict = Verdict(on="give_up", state="not_sent", at=at, why=_TOLD_BY)
    return ledger.settle(connection, send, verdict)


def is_known(connection: Connection, contact_id: str, kind: str, digits: str) -> bool:
    """Tell whether an event is on record, by what enrollments know of its key."""
    found = select(events.c.id).where(
        events.c.contact_id == contact_id,
        events.c.kind == kind,
        func.left(events.c.natural_key, len(digits)) == digits,
    )
    return connection.scalar(found.limit(1)) is not None


def lately_live(
    connection: Connection, since: datetime, after: UUID | None, limit: int
) -> list[LiveRow]:
    """Give the enrollments that live, or did at a moment, in order of their ids, from one on."""
    closed = enrollments.c.closed_wall
    found = select(enrollments).where(or_(closed.is_(None), closed >= since))
    if after is not None:
        found = found.where(enrollments.c.id > after)
    rows = connection.execute(found.order_by(enrollments.c.id).limit(limit)).mappings()
    return [shaped(LiveRow, row) for row in rows]


def release_run(connection: Connection, row: UUID, run_id: str) -> None:
    """Let the next run of its workflow take an enrollment over: this run is no more."""
    connection.execute(
        update(enrollments)
        .where(enrollments.c.id == row, enrollments.c.run_id == run_id)
        .values(run_id=None)
    )


def bring_again(connection: Connection, workflow_ids: Collection[str], since: datetime) -> int:
    """Lay all signals to workflows out again that were laid out or brought from a moment on.

    Each has the id that it had: who has heard it hears nothing new.
    """
    again = (
        update(deliveries)
        .where(
            deliveries.c.workflow_id.in_(workflow_ids),
            or_(deliveries.c.created_wall >= since, deliveries.c.delivered_wall >= since),
            or_(deliveries.c.delivered_wall.is_not(None), deliveries.c.gone_wall.is_not(None)),
        )
        .values(delivered_wall=None, gone_wall=None, attempts=0, last_error=None)
    )
    return connection.execute(again).rowcount


def started_since(
    connection: Connection, since: datetime
) -> list[tuple[int, str, str, str | None]]:
    """Give the starts that were brought from a moment on and of which no enrollment is on record.

    Each as its number, sequence, contact and key.
    """
    begun = select(enrollments.c.id).where(
        enrollments.c.sequence == starts.c.sequence,
        enrollments.c.contact_id == starts.c.contact_id,
        enrollments.c.key.is_not_distinct_from(starts.c.key),
        enrollments.c.enrolled_at >= starts.c.at,
    )
    found = select(starts.c.id, starts.c.sequence, starts.c.contact_id, starts.c.key).where(
        starts.c.started_wall >= since, ~begun.exists()
    )
    return [(row.id, row.sequence, row.contact_id, row.key) for row in connection.execute(found)]


def start_again(connection: Connection, start: int) -> None:
    """Lay a start out again."""
    connection.execute(
        update(starts)
        .where(starts.c.id == start)
        .values(started_wall=None, attempts=0, due_wall=func.now())
    )


def is_closed(connection: Connection, row: UUID) -> bool:
    """Tell whether an enrollment's whole story is on record."""
    found = select(enrollments.c.closed_wall).where(enrollments.c.id == row)
    return connection.scalar(found) is not None

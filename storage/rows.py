"""What queries give: rows as frozen values, their times in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime
from sqlalchemy import RowMapping

from schemas.content import Mailbox
from schemas.ledger import Cause, SendState
from schemas.progress import Ending, Entry
from schemas.values import Facts, Value


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment in UTC, as exactly as PostgreSQL keeps it."""

EmailKind = Literal["marketing", "transactional"]

_Shape = TypeVar("_Shape", bound=Value)


def shaped(shape: type[_Shape], row: RowMapping | Mapping[str, object]) -> _Shape:
    """Give a row its shape."""
    return shape.model_validate(dict(row))


def shaped_or_none(shape: type[_Shape], row: RowMapping | None) -> _Shape | None:
    """Give a row its shape, if there is one."""
    return None if row is None else shaped(shape, row)


class EnrollmentRow(Value):
    """An enrollment on record; without `run_id` it is reserved by a hand-off and not begun."""

    id: UUID
    workflow_id: str
    run_id: str | None = None
    sequence: str
    version: str
    contact_id: str
    key: str | None = None
    source: str
    zone: str
    enrolled_at: Instant
    enrolled_wall: Instant
    parent: UUID | None = None
    last_marketing_at: Instant | None = None
    sender_email: str | None = None
    sender_name: str | None = None
    paused_at: Instant | None = None
    paused_by: str | None = None
    paused_why: str | None = None
    ending: str | None = None
    ending_why: str | None = None
    ending_rank: int | None = None
    ended_at: Instant | None = None
    timeline: tuple[Entry, ...] | None = None
    closed_wall: Instant | None = None

    @property
    def sender(self) -> Mailbox | None:
        """Give who writes all its mails, unless a mail or its step names another."""
        if self.sender_email is None:
            return None
        return Mailbox(email=self.sender_email, name=self.sender_name or "")

    def ended(self) -> Ending | None:
        """Give the ending on record, if it has ended."""
        if self.ending is None or self.ended_at is None:
            return None
        return Ending(name=self.ending, at=self.ended_at, why=self.ending_why or "")


class LiveEnrollment(Value):
    """An enrollment that has not ended, paused or not, begun or reserved; or is just ending."""

    id: UUID
    workflow_id: str
    run_id: str | None = None
    sequence: str
    version: str
    key: str | None = None
    enrolled_at: Instant
    ended_at: Instant | None = None


class ListedEnrollment(EnrollmentRow):
    """An enrollment in a list: whose it is, and how many of its mails SendGrid accepted."""

    email: str
    sent: int


class SendRow(Value):
    """A mail's claim, its outcome, and when each thing first came back about it."""

    id: UUID
    enrollment_id: UUID
    step: str
    occurrence: int
    contact_id: str
    sequence: str
    version: str
    email_kind: EmailKind
    state: SendState
    cause: Cause
    attempt: int
    resumes: int
    due_at: Instant
    claimed_at: Instant
    claimed_wall: Instant
    settled_at: Instant | None = None
    settled_wall: Instant | None = None
    message_id: str
    provider_id: str | None = None
    subject: str | None = None
    reason: str | None = None
    arm: str | None = None
    why: str
    delivered_at: Instant | None = None
    bounced_at: Instant | None = None
    dropped_at: Instant | None = None
    first_open_at: Instant | None = None
    first_click_at: Instant | None = None
    replied_at: Instant | None = None
    unsubscribed_at: Instant | None = None
    complained_at: Instant | None = None
    hard_bounced_at: Instant | None = None
    sender: str | None = None


class ChangeRow(Value):
    """One change of a send: from which state to which, on what, why in words, and when."""

    id: int
    send_id: UUID
    attempt: int
    before: SendState | Literal["new"]
    cause: Cause
    after: SendState
    at: Instant
    wall: Instant
    why: str | None = None


class TaskRow(Value):
    """A task for a person."""

    id: UUID
    enrollment_id: UUID
    step: str
    occurrence: int
    contact_id: str
    task: str
    blocking: bool
    state: Literal["open", "done", "closed"]
    opened_at: Instant
    late_at: Instant | None = None
    done_at: Instant | None = None
    done_by: str | None = None


class ControlRow(Value):
    """An operator's command to one enrollment."""

    id: str
    action: Literal["pause", "resume", "exit", "skip"]
    who: str
    why: str
    at: Instant


class EventRow(Value):
    """Something that came in; `whom` it named, if nobody was known by that then."""

    id: UUID
    source: str
    kind: str
    name: str | None = None
    contact_id: str | None = None
    send_id: UUID | None = None
    enrollment_id: UUID | None = None
    at: Instant
    wall: Instant
    fields: Facts
    whom: str | None = None


class ListedTask(TaskRow):
    """A task in a list: in which enrollment, and about whom."""

    workflow_id: str
    sequence: str
    email: str

"""Enrollments: begun, reserved, paused, ended, closed."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from schemas.content import Mailbox
from schemas.events import Control
from schemas.progress import Ending, Entry
from schemas.values import Facts, Value
from storage import controls
from storage.locks import lock
from storage.rows import EnrollmentRow, shaped_or_none
from storage.schema.tables import enrollments
from storage.sending import deferrals


class NewEnrollment(Value):
    """An enrollment to be put on record; without `run_id` it is reserved by its `parent`.

    `given` is what its workflow was started with and cannot be read off the record.
    """

    workflow_id: str
    run_id: str | None
    sequence: str
    version: str
    contact_id: str
    key: str | None = None
    source: str
    zone: str
    enrolled_at: datetime
    parent: UUID | None = None
    last_marketing_at: datetime | None = None
    sender_email: str | None = None
    sender_name: str | None = None
    given: Facts | None = None


class SenderFields(TypedDict):
    """How a new enrollment keeps who writes its mails."""

    sender_email: str | None
    sender_name: str | None


def sender_fields(sender: Mailbox | None) -> SenderFields:
    """Give the fields that keep a sender; a sender without a name has an empty one."""
    if sender is None:
        return {"sender_email": None, "sender_name": None}
    return {"sender_email": sender.email, "sender_name": sender.name}


class AlreadyLive(Value):
    """Nothing was recorded: the enrollment `row` of the same sequence, contact and key is live."""

    row: UUID
    workflow_id: str


def on_record(connection: Connection, workflow_id: str, run_id: str) -> EnrollmentRow | None:
    """Give the enrollment that this run began, else the one reserved for it, ended or not."""
    found = (
        select(enrollments)
        .where(
            enrollments.c.workflow_id == workflow_id,
            or_(enrollments.c.run_id == run_id, enrollments.c.run_id.is_(None)),
        )
        .order_by(enrollments.c.run_id.nulls_last(), enrollments.c.enrolled_wall.desc())
        .limit(1)
    )
    return shaped_or_none(EnrollmentRow, connection.execute(found).mappings().first())


def begin(connection: Connection, new: NewEnrollment) -> EnrollmentRow | AlreadyLive:
    """Record once that a run has begun; what a hand-off reserved for it is taken over as it is.

    The row given may have ended before: a reservation that an exit came upon.
    """
    if new.run_id is None:
        raise ValueError("An enrollment that begins has a run: only `reserve` records one without.")
    known = on_record(connection, new.workflow_id, new.run_id)
    if known is None:
        return _inserted(connection, new) or _twin(connection, new) or begin(connection, new)
    return known if known.run_id else _adopted(connection, known.id, new)


def reserve(connection: Connection, new: NewEnrollment) -> EnrollmentRow | AlreadyLive:
    """Record, once per parent, the enrollment that a hand-off will begin."""
    if new.parent is None or new.run_id is not None:
        raise ValueError("Only a hand-off reserves an enrollment: name its parent, and no run.")
    found = select(enrollments).where(enrollments.c.parent == new.parent)
    known = shaped_or_none(EnrollmentRow, connection.execute(found).mappings().first())
    return known or _inserted(connection, new) or _twin(connection, new) or reserve(connection, new)


def end(connection: Connection, row: UUID, ending: Ending, rank: int) -> Ending:
    """Record an ending unless one is there, and give the one on record.

    Of two endings of one moment the lower rank counts, until the enrollment is closed. A claim
    that is being made is wholly before, or sees it.
    """
    same = and_(enrollments.c.ending == ending.name, enrollments.c.ended_at == ending.at)
    better, given = _is_better(ending, rank), ending.why or None
    why = case(
        (better, given),
        (same, func.coalesce(enrollments.c.ending_why, given)),
        else_=enrollments.c.ending_why,
    )
    recorded = (
        update(enrollments)
        .where(enrollments.c.id == row)
        .values(
            ending=case((better, ending.name), else_=enrollments.c.ending),
            ending_why=why,
            ending_rank=case((better, rank), else_=enrollments.c.ending_rank),
            ended_at=case((better, ending.at), else_=enrollments.c.ended_at),
        )
        .returning(enrollments.c.ending, enrollments.c.ended_at, enrollments.c.ending_why)
    )
    name, at, said = connection.execute(recorded).one()
    deferrals.vacate(connection, row, at)
    return Ending(name=name, at=at, why=said or "")


def _is_better(ending: Ending, rank: int) -> ColumnElement[bool]:
    return or_(
        enrollments.c.ended_at.is_(None),
        and_(
            enrollments.c.closed_wall.is_(None),
            enrollments.c.ended_at == ending.at,
            enrollments.c.ending_rank > rank,
        ),
    )


def close(connection: Connection, row: UUID, timeline: tuple[Entry, ...]) -> bool:
    """Write an ended enrollment's whole timeline, once, and tell whether it was written now."""
    closed = (
        update(enrollments)
        .where(
            enrollments.c.id == row,
            enrollments.c.ended_at.is_not(None),
            enrollments.c.closed_wall.is_(None),
        )
        .values(
            timeline=[entry.model_dump(mode="json") for entry in timeline], closed_wall=func.now()
        )
    )
    return connection.execute(closed).rowcount > 0


def pause(connection: Connection, row: UUID, control: Control, at: datetime) -> bool:
    """Pause a live enrollment, and tell whether the command is new and changed anything.

    A mail that is being put off behind its own is put off before, and told, or not at all.
    """
    lock(connection, row)
    if not controls.record(connection, row, control, at):
        return False
    paused = _live(row, enrollments.c.paused_at.is_(None)).values(
        paused_at=at, paused_by=control.who, paused_why=control.why
    )
    is_paused = connection.execute(paused).rowcount > 0
    if is_paused:
        deferrals.make_room(connection, row, at)
    return is_paused


def resume(connection: Connection, row: UUID, control: Control, at: datetime) -> bool:
    """Resume a paused enrollment, and tell whether the command is new and changed anything."""
    if not controls.record(connection, row, control, at):
        return False
    resumed = _live(row, enrollments.c.paused_at.is_not(None)).values(
        paused_at=None, paused_by=None, paused_why=None
    )
    return connection.execute(resumed).rowcount > 0


def _live(row: UUID, further: ColumnElement[bool]) -> Update:
    return update(enrollments).where(
        enrollments.c.id == row, enrollments.c.ended_at.is_(None), further
    )


def _inserted(connection: Connection, new: NewEnrollment) -> EnrollmentRow | None:
    inserted = (
        insert(enrollments)
        .values(**new.model_dump())
        .on_conflict_do_nothing()
        .returning(enrollments)
    )
    return shaped_or_none(EnrollmentRow, connection.execute(inserted).mappings().first())


def _adopted(connection: Connection, row: UUID, new: NewEnrollment) -> EnrollmentRow | AlreadyLive:
    adopted = (
        update(enrollments)
        .where(enrollments.c.id == row, enrollments.c.run_id.is_(None))
        .values(run_id=new.run_id)
        .returning(enrollments)
    )
    taken = shaped_or_none(EnrollmentRow, connection.execute(adopted).mappings().first())
    return taken or begin(connection, new)


def _twin(connection: Connection, new: NewEnrollment) -> AlreadyLive | None:
    found = select(enrollments).where(
        enrollments.c.sequence == new.sequence,
        enrollments.c.contact_id == new.contact_id,
        enrollments.c.key.is_not_distinct_from(new.key),
        enrollments.c.ended_at.is_(None),
    )
    live = shaped_or_none(EnrollmentRow, connection.execute(found).mappings().first())
    if live is None or _is_own(live, new):
        return None
    return AlreadyLive(row=live.id, workflow_id=live.workflow_id)


def _is_own(live: EnrollmentRow, new: NewEnrollment) -> bool:
    if new.run_id is None:
        return live.parent == new.parent
    return live.workflow_id == new.workflow_id and live.run_id in (new.run_id, None)

"""Enrollments on record: found, asked for and listed."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Text,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.sql import Select

from schemas.values import Value, cut
from storage.rows import EnrollmentRow, ListedEnrollment, LiveEnrollment, shaped, shaped_or_none
from storage.schema.tables import contacts, enrollments, sends

State = Literal["live", "paused", "reserved", "ended"]

_IS_LIVE = enrollments.c.ended_at.is_(None)
_ENDS_STILL = enrollments.c.ended_at.is_not(None) & enrollments.c.closed_wall.is_(None)
_RULE_BY_STATE: dict[State | None, ColumnElement[bool]] = {
    None: true(),
    "live": _IS_LIVE,
    "paused": _IS_LIVE & enrollments.c.paused_at.is_not(None),
    "reserved": _IS_LIVE & enrollments.c.run_id.is_(None),
    "ended": ~_IS_LIVE,
}


class Filter(Value):
    """Which enrollments are meant; what is left out is not asked for."""

    sequence: str | None = None
    contact_id: str | None = None
    state: State | None = None
    ending: str | None = None


def get(connection: Connection, row: UUID) -> EnrollmentRow:
    """Give an enrollment; LookupError if there is none."""
    found = find(connection, str(row))
    if found is None:
        raise LookupError(f"There is no enrollment {row}.")
    return found


def find(connection: Connection, ref: str) -> EnrollmentRow | None:
    """Give the enrollment that our id or a workflow id names: of several the live or latest one."""
    named = enrollments.c.workflow_id == ref
    own = _uuid(ref)
    found = (
        select(enrollments)
        .where(named if own is None else or_(named, enrollments.c.id == own))
        .order_by(_IS_LIVE.desc(), enrollments.c.enrolled_wall.desc())
        .limit(1)
    )
    return shaped_or_none(EnrollmentRow, connection.execute(found).mappings().first())


def live_of(
    connection: Connection, contact_id: str, *, or_ending_at: datetime | None = None
) -> list[LiveEnrollment]:
    """Give a contact's live enrollments, reserved ones too.

    With `or_ending_at`, those as well that end in that minute and are not closed yet: a graver
    ending of the same moment may still take the place of theirs. Let `contacts.lock` go before,
    and none begins or claims till the commit.
    """
    ending = _ENDS_STILL & (enrollments.c.ended_at == (or_ending_at and cut(or_ending_at)))
    found = (
        select(enrollments)
        .where(enrollments.c.contact_id == contact_id, or_(_IS_LIVE, ending))
        .order_by(enrollments.c.id)
    )
    return [shaped(LiveEnrollment, row) for row in connection.execute(found).mappings()]


def not_closed(
    connection: Connection, contact_ids: Collection[str]
) -> dict[str, list[LiveEnrollment]]:
    """Give the enrollments of many contacts that live, or have ended and are not closed yet.

    Let the contacts be locked before, and none begins or claims till the commit.
    """
    ids = func.any(literal(list(contact_ids), ARRAY(Text)))
    found = (
        select(enrollments)
        .where(enrollments.c.contact_id == ids, or_(_IS_LIVE, _ENDS_STILL))
        .order_by(enrollments.c.id)
    )
    given: dict[str, list[LiveEnrollment]] = {}
    for row in connection.execute(found).mappings():
        given.setdefault(row["contact_id"], []).append(shaped(LiveEnrollment, row))
    return given


def live_at(
    connection: Connection, sequence: str, contact_id: str, key: str | None
) -> EnrollmentRow | None:
    """Give the live enrollment of a contact in a sequence for a key.

    Its workflow id may name a contact that was merged into this one.
    """
    found = select(enrollments).where(
        enrollments.c.sequence == sequence,
        enrollments.c.contact_id == contact_id,
        enrollments.c.key.is_not_distinct_from(key),
        _IS_LIVE,
    )
    return shaped_or_none(EnrollmentRow, connection.execute(found).mappings().first())


def last_of(
    connection: Connection, sequence: str, contact_id: str, key: str | None
) -> EnrollmentRow | None:
    """Give the last ended enrollment of a contact in a sequence for a key."""
    found = (
        select(enrollments)
        .where(
            enrollments.c.sequence == sequence,
            enrollments.c.contact_id == contact_id,
            enrollments.c.key.is_not_distinct_from(key),
            ~_IS_LIVE,
        )
        .order_by(enrollments.c.ended_at.desc())
        .limit(1)
    )
    return shaped_or_none(EnrollmentRow, connection.execute(found).mappings().first())


def of_contact(connection: Connection, contact_id: str, sequence: str) -> list[EnrollmentRow]:
    """Give a contact's enrollments in a sequence, for all keys: live ones, then the latest."""
    found = (
        select(enrollments)
        .where(enrollments.c.contact_id == contact_id, enrollments.c.sequence == sequence)
        .order_by(_IS_LIVE.desc(), enrollments.c.enrolled_wall.desc())
    )
    return [shaped(EnrollmentRow, row) for row in connection.execute(found).mappings()]


def listing(
    connection: Connection, wanted: Filter, *, limit: int = 100, offset: int = 0
) -> list[ListedEnrollment]:
    """List enrollments, the latest first, without their timelines."""
    found = (
        _listed()
        .where(*_rules(wanted))
        .order_by(enrollments.c.enrolled_at.desc(), enrollments.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [shaped(ListedEnrollment, row) for row in connection.execute(found).mappings()]


def _listed() -> Select[*tuple[object, ...]]:
    sent = (
        select(func.count())
        .where(sends.c.enrollment_id == enrollments.c.id, sends.c.state == "accepted")
        .scalar_subquery()
    )
    shown = [column for column in enrollments.c if column.name not in _UNLISTED]
    return select(*shown, contacts.c.email, sent.label("sent")).join_from(
        enrollments, contacts, contacts.c.id == enrollments.c.contact_id
    )


_UNLISTED = frozenset({"timeline", "given"})


def _rules(wanted: Filter) -> list[ColumnElement[bool]]:
    exact = wanted.model_dump(include={"sequence", "contact_id", "ending"}, exclude_none=True)
    return [
        _RULE_BY_STATE[wanted.state],
        *(enrollments.c[name] == value for name, value in exact.items()),
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

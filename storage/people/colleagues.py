"""Colleagues: the contacts of one company, and which of them must hear of each other."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Select, func, or_, select

from schemas.events import Colleague
from schemas.values import Facts
from storage.events import NewEvent, mark_of
from storage.rows import EnrollmentRow
from storage.schema.authored_tables import versions
from storage.schema.tables import contacts, enrollments, events

_ACCOUNT = "account:"
_OF_BY_KIND: dict[str, Literal["reply", "event"]] = {
    "reply": "reply",
    "event": "event",
    "conversion": "event",
}


def heeding(connection: Connection) -> list[str]:
    """Give the hashes of the versions in which what colleagues do counts; mostly there are none."""
    return list(connection.scalars(select(versions.c.hash).where(versions.c.heeds_colleagues)))


def take_turn(connection: Connection, contact_id: str) -> None:
    """Let nobody else of the contact's company be taken in, nor look for it, till the commit.

    To be taken before any lock on a contact.
    """
    turn = func.pg_advisory_xact_lock(func.hashtextextended(contacts.c.company_key, 0))
    connection.execute(
        select(turn).where(contacts.c.id == contact_id, contacts.c.company_key.is_not(None))
    )


def to_be_told(connection: Connection, contact_id: str, hashes: Collection[str]) -> list[str]:
    """Give the contact's colleagues who are in one of these versions and not closed, by id."""
    found = (
        select(enrollments.c.contact_id)
        .distinct()
        .where(
            enrollments.c.contact_id.in_(_colleagues(contact_id)),
            enrollments.c.version.in_(hashes),
            enrollments.c.closed_wall.is_(None),
        )
        .order_by(enrollments.c.contact_id)
    )
    return list(connection.scalars(found))


def missed(
    connection: Connection, enrollment: EnrollmentRow, listens_to: Collection[str]
) -> list[Colleague]:
    """Give what colleagues did since an enrollment's moment, under the ids of its signals.

    To be asked in a transaction of its own, after that which put the enrollment on record: what is
    taken in just now is waited for. The enrollment is told of all that comes later.
    """
    words = [word.removeprefix(_ACCOUNT) for word in listens_to if word.startswith(_ACCOUNT)]
    if not words:
        return []
    take_turn(connection, enrollment.contact_id)
    names = [word.removeprefix("event:") for word in words if word != "reply"]
    app = events.c.kind.in_(("event", "conversion")) & events.c.name.in_(names)
    found = (
        select(events.c.kind, events.c.natural_key, events.c.name, events.c.at, events.c.fields)
        .where(
            events.c.contact_id.in_(_colleagues(enrollment.contact_id)),
            events.c.at >= enrollment.enrolled_at,
            or_(app, events.c.kind == "reply") if "reply" in words else app,
        )
        .order_by(events.c.at, events.c.natural_key)
    )
    return [
        colleague
        for row in connection.execute(found)
        if (colleague := _colleague(row.kind, row.natural_key, row.name, row.at, row.fields))
    ]


def told(new: NewEvent) -> Colleague | None:
    """Give what colleagues are told of an event: of a reply, or of what the app reports."""
    return _colleague(new.kind, new.natural_key, new.name, new.at, new.fields)


def _colleague(
    kind: str, natural_key: str, name: str | None, at: datetime, fields: Facts
) -> Colleague | None:
    of = _OF_BY_KIND.get(kind)
    if of is None:
        return None
    mark = f"colleague.{mark_of(kind, natural_key)}"
    if of == "reply":
        return Colleague(id=mark, at=at, of=of)
    return Colleague(id=mark, at=at, of=of, name=name, fields=fields)


def _colleagues(contact_id: str) -> Select[str]:
    own = select(contacts.c.company_key).where(contacts.c.id == contact_id).scalar_subquery()
    return select(contacts.c.id).where(contacts.c.company_key == own, contacts.c.id != contact_id)

"""Contacts and what is on record of them, a batch at a time: all of them in flat memory."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from schemas.contact import Contact
from storage.people.contacts import contact_of
from storage.schema.tables import contacts, enrollments, events

_APP = events.c.kind.in_(("event", "conversion"))


def contacts_after(connection: Connection, last: str, limit: int) -> list[Contact]:
    """Give the contacts whose ids come after `last`, in order."""
    found = select(contacts).where(contacts.c.id > last).order_by(contacts.c.id).limit(limit)
    return [contact_of(row) for row in connection.execute(found).mappings()]


def contacts_by_id(connection: Connection, ids: Collection[str]) -> dict[str, Contact]:
    """Give some contacts by their ids."""
    found = select(contacts).where(contacts.c.id.in_(ids))
    return {row["id"]: contact_of(row) for row in connection.execute(found).mappings()}


def last_events(connection: Connection, ids: Collection[str], name: str) -> dict[str, datetime]:
    """Give when each of some contacts last did what the app reports as `name`."""
    found = (
        select(events.c.contact_id, func.max(events.c.at).label("last"))
        .where(events.c.contact_id.in_(ids), _named(name))
        .group_by(events.c.contact_id)
    )
    return {row.contact_id: row.last.astimezone(UTC) for row in connection.execute(found)}


def app_events(connection: Connection, ids: Collection[str], name: str) -> list[RowMapping]:
    """Give all of some contacts' events `name`, the latest first."""
    found = (
        select(events.c.contact_id, events.c.natural_key, events.c.at, events.c.fields)
        .where(events.c.contact_id.in_(ids), _named(name))
        .order_by(events.c.at.desc(), events.c.id)
    )
    return list(connection.execute(found).mappings())


def live_in(
    connection: Connection, sequence: str, ids: Collection[str]
) -> set[tuple[str, str | None]]:
    """Give which of some contacts are in a sequence now, and per what."""
    found = select(enrollments.c.contact_id, enrollments.c.key).where(
        enrollments.c.sequence == sequence,
        enrollments.c.contact_id.in_(ids),
        enrollments.c.ended_at.is_(None),
    )
    return {(row.contact_id, row.key) for row in connection.execute(found)}


def _named(name: str) -> ColumnElement[bool]:
    return _APP & (events.c.name == name)

"""Contacts and what is on record of them, a batch at a time: all of them in flat memory."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    RowMapping,
    Text,
    func,
    literal,
    or_,
    select,
)

from schemas.contact import Contact
from storage.people import identities
from storage.people.addresses import exact_key
from storage.people.contacts import contact_of, find, get
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


def contacts_now(connection: Connection, ids: Collection[str]) -> dict[str, Contact]:
    """Give some contacts by their ids, one that was merged as that which it is now."""
    found = contacts_by_id(connection, ids) if ids else {}
    merged = {one: get(connection, one) for one in sorted(set(ids) - found.keys())}
    return found | {one: contact for one, contact in merged.items() if contact is not None}


def contacts_named(connection: Connection, refs: Collection[str]) -> dict[str, Contact]:
    """Give whom each of some ids, keys or addresses names, just as `contacts.find` tells."""
    if not refs:
        return {}
    keys = {ref: exact_key(ref) for ref in refs}
    found = _named_so(connection, keys)
    by_address = {exact_key(one.email): one for one in found}
    named = {ref: by_address[key] for ref, key in keys.items() if key in by_address}
    named |= {one.external_key: one for one in found if one.external_key in keys}
    named |= {one.id: one for one in found if one.id in keys}
    for ref in _maybe_former(connection, {ref: keys[ref] for ref in keys.keys() - named.keys()}):
        contact = find(connection, ref)
        if contact is not None:
            named[ref] = contact
    return named


def _named_so(connection: Connection, keys: dict[str, str]) -> list[Contact]:
    rules = (
        contacts.c.id == _any(keys),
        contacts.c.external_key == _any(keys),
        contacts.c.email_key == _any(keys.values()),
    )
    rows = connection.execute(select(contacts).where(or_(*rules))).mappings()
    return [contact_of(row) for row in rows]


def _maybe_former(connection: Connection, keys: dict[str, str]) -> list[str]:
    if not keys:
        return []
    merged = identities.merged_names(connection, {*keys, *keys.values()})
    # An id is looked for on its own: what came with SendGrid's events is hardly ever one.
    return sorted(ref for ref, key in keys.items() if "@" not in ref or {ref, key} & merged)


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


def _any(values: Iterable[str]) -> ColumnElement[str]:
    return func.any(literal(list(values), ARRAY(Text)))

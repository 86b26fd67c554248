"""Under which names a contact is known: its own, and those of contacts that were found to be it."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Text,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from schemas.contact import Contact
from schemas.values import Facts, Value
from storage.people.addresses import exact_key
from storage.rows import Instant, shaped
from storage.schema.identity_tables import merged_contacts
from storage.schema.tables import contacts, events

_NAMES, _LOTS = 33, 256


class Former(Value):
    """A contact that was found to be another one, as it was, and who said so when.

    Without an address it was one over there alone, in another system.
    """

    id: str
    contact_id: str
    external_key: str | None = None
    email: str | None = None
    was: Facts
    by: str
    at: Instant


class Recognised(Value):
    """An event that named somebody unknown, who is known now."""

    kind: str
    natural_key: str
    name: str | None = None
    at: Instant
    fields: Facts


def whom(ref: str) -> str:
    """Give the form in which an event keeps whom it named while nobody is known by that."""
    return exact_key(ref) if "@" in ref else ref


def current_id(connection: Connection, former_id: str) -> str | None:
    """Give the id of the contact that the one of a former id is now."""
    found: str | None = connection.scalar(
        select(merged_contacts.c.contact_id).where(merged_contacts.c.id == former_id)
    )
    return found


def formerly(connection: Connection, ref: str, *, but: str | None = None) -> str | None:
    """Give the id of the contact that an id, key or address named before it was merged."""
    named = (merged_contacts.c.id, merged_contacts.c.external_key)
    by_address = merged_contacts.c.email_key == exact_key(ref)
    rule = or_(*(column == ref for column in named), by_address)
    return _first(connection, rule, by_address, but)


def formerly_by(
    connection: Connection, *, key: str | None, email: str | None, but: str | None = None
) -> str | None:
    """Give the id of the contact that had this key, else this address, before it was merged."""
    rules = []
    if key is not None:
        rules.append(merged_contacts.c.external_key == key)
    by_address = merged_contacts.c.email_key == exact_key(email or "")
    return _first(connection, or_(*rules, by_address), by_address, but)


def former(connection: Connection, contact_id: str) -> list[Former]:
    """Give all that were found to be this contact, the first found first."""
    found = (
        select(merged_contacts)
        .where(merged_contacts.c.contact_id == contact_id)
        .order_by(merged_contacts.c.wall, merged_contacts.c.id)
    )
    return [shaped(Former, row) for row in connection.execute(found).mappings()]


def former_named(connection: Connection, contact_id: str, ref: str) -> str | None:
    """Give the id of the one that `ref` named, of those found to be this contact."""
    names = ("id", "external_key")
    return next(
        (
            one.id
            for one in reversed(former(connection, contact_id))
            if ref in {getattr(one, name) for name in names}
            or exact_key(ref) == exact_key(one.email or "")
        ),
        None,
    )


def names_of(connection: Connection, contact: Contact) -> frozenset[str]:
    """Give every name that an event may have had for a contact, when it was known and before."""
    keys = {contact.external_key} if contact.external_key else set()
    names = {contact.id, exact_key(contact.email)}
    for one in former(connection, contact.id):
        names |= {one.id, *([exact_key(one.email)] if one.email else ())}
        keys |= {one.external_key} if one.external_key else set()
    return frozenset(names | keys | set(map(whom, keys)))


def let_nobody_come(connection: Connection, name: str) -> None:
    """Let nobody come to be known under a name till the commit: who does so just now goes first."""
    connection.execute(select(func.pg_advisory_xact_lock(_NAMES, _lot(literal(name)))))


def recognise(
    connection: Connection, contact: Contact, also: Collection[str] = ()
) -> list[Recognised]:
    """Give a contact, just put on record, the events that named it before, in order.

    `also` are further keys that are its from now on.
    """
    keys = {*also, *([contact.external_key] if contact.external_key else ())}
    names = {exact_key(contact.email), *keys, *map(whom, keys)}
    lots = (_lot(literal(name)) for name in sorted(names))
    connection.execute(select(*(func.pg_advisory_xact_lock_shared(_NAMES, lot) for lot in lots)))
    claimed = (
        update(events)
        .where(events.c.contact_id.is_(None), events.c.whom.in_(names))
        .values(contact_id=contact.id)
        .returning(*(events.c[name] for name in ("kind", "natural_key", "name", "at", "fields")))
    )
    found = [shaped(Recognised, row) for row in connection.execute(claimed).mappings()]
    return sorted(found, key=lambda one: (one.at, one.natural_key))


def mentioned(connection: Connection, names: Collection[str]) -> frozenset[str]:
    """Give those of the names, just put on record, that events had for somebody unknown.

    For many at once: whoever has none of them needs no `recognise`.
    """
    wanted = func.unnest(literal(sorted(names), ARRAY(Text))).column_valued("name")
    lots = select(_lot(wanted).label("lot")).distinct().order_by("lot").subquery()
    connection.execute(select(func.pg_advisory_xact_lock_shared(_NAMES, lots.c.lot)))
    found = select(events.c.whom).where(
        events.c.contact_id.is_(None),
        events.c.whom == func.any(literal(sorted(names), ARRAY(Text))),
    )
    return frozenset(connection.scalars(found))


def merged_names(connection: Connection, names: Collection[str]) -> frozenset[str]:
    """Give those of the keys and addresses' keys that were names of contacts merged into others."""
    wanted = func.any(literal(sorted(names), ARRAY(Text)))
    columns = (merged_contacts.c.external_key, merged_contacts.c.email_key)
    found = select(*columns).where(or_(*(column == wanted for column in columns)))
    return frozenset(name for row in connection.execute(found) for name in row if name)


def keep_former(connection: Connection, other: Contact, into: str, by: str, at: datetime) -> None:
    """Keep the names of a contact for the one that it was found to be, and those it had kept."""
    again = update(merged_contacts).where(merged_contacts.c.contact_id == other.id)
    connection.execute(again.values(contact_id=into))
    connection.execute(
        insert(merged_contacts).values(
            id=other.id,
            contact_id=into,
            external_key=other.external_key,
            email=other.email,
            email_key=exact_key(other.email),
            was=other.model_dump(mode="json"),
            by=by,
            at=at,
        )
    )


def keep_key(connection: Connection, key: str, into: str, by: str, at: datetime) -> None:
    """Keep a key by which somebody calls a contact, who is locked, beside its own."""
    named = {"id": uuid4().hex, "contact_id": into, "external_key": key}
    connection.execute(insert(merged_contacts).values(**named, was={}, by=by, at=at))


def take_key(connection: Connection, contact: Contact, key: str, by: str, at: datetime) -> Contact:
    """Give a contact, who is locked, another key; by the one that it had it is known as before.

    IntegrityError if the key is somebody else's.
    """
    own = update(contacts).where(contacts.c.id == contact.id)
    connection.execute(own.values(external_key=key, changed_wall=func.now()))
    if contact.external_key is not None:
        keep_key(connection, contact.external_key, contact.id, by, at)
    return contact.model_copy(update={"external_key": key})


def _lot(name: ColumnElement[str]) -> ColumnElement[int]:
    # Few, so that whoever brings in thousands at once does not hold thousands of locks.
    return func.hashtext(name).op("&")(_LOTS - 1)


def _first(
    connection: Connection,
    rule: ColumnElement[bool],
    last: ColumnElement[bool],
    but: str | None,
) -> str | None:
    allowed = true() if but is None else merged_contacts.c.contact_id != but
    found: str | None = connection.scalar(
        select(merged_contacts.c.contact_id)
        .where(and_(rule, allowed))
        .order_by(last, merged_contacts.c.wall.desc())
        .limit(1)
    )
    return found

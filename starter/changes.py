"""A contact's facts change: saved, and told to the enrollments that look at them."""

from datetime import UTC, datetime
from uuid import uuid4

from pydantic import JsonValue
from sqlalchemy import Connection, Engine

from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.contact import Contact, NewContact
from schemas.events import ContactChanged
from schemas.sequence import Sequence
from schemas.values import Facts
from starter.intake import Telling, tell_all
from storage import contacts
from storage.contacts import AddressTaken, Saved
from storage.rows import LiveEnrollment


def save_contact(engine: Engine, new: NewContact, at: datetime) -> Saved | AddressTaken:
    """Create or change a contact in one transaction, and lay out what enrollments must know."""
    with engine.begin() as connection:
        return saved_contact(connection, new, at)


def saved_contact(connection: Connection, new: NewContact, at: datetime) -> Saved | AddressTaken:
    """Do the same within a transaction of the caller's."""
    before = _before(connection, new)
    saved = contacts.save(connection, new)
    if isinstance(saved, Saved) and before is not None and saved.contact != before:
        tell_all(connection, before.id, at, _telling(before, saved.contact, at))
    return saved


def _before(connection: Connection, new: NewContact) -> Contact | None:
    by_key = contacts.find(connection, new.external_key) if new.external_key else None
    return by_key or contacts.find(connection, new.email)


def _telling(before: Contact, after: Contact, at: datetime) -> Telling:
    changes = _changes(before.facts(), after.facts())
    # Of two changes of one minute the later id counts (`after_event`).
    mark = f"contact_changed.{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}.{uuid4().hex}"

    def tell(live: LiveEnrollment, sequence: Sequence) -> ContactChanged | None:
        facts = {name: changes[name] for name in sequence.contact_facts if name in changes}
        name = zone_name(sequence, after)
        moved = name != zone_name(sequence, before)
        if not facts and not moved:
            return None
        zone = zone_table(name, UNIVERSAL, live.enrolled_at) if moved else None
        return ContactChanged(id=mark, at=at, facts=facts, zone=zone)

    return tell


def _changes(before: Facts, after: Facts) -> dict[str, JsonValue]:
    names = before.keys() | after.keys()
    return {name: after.get(name) for name in names if before.get(name) != after.get(name)}

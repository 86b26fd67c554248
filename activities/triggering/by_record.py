"""Enrolling by what the app knows of a contact per order or contract: kept, changed, forgotten."""

from datetime import datetime
from uuid import uuid4

from pydantic import JsonValue
from sqlalchemy import Connection

from activities.admitting.keys import key_in
from activities.sequences import sequences
from activities.triggering.appointing import aim_at_dates
from activities.triggering.data import Told, tell_one
from activities.triggering.filling import look_first
from activities.triggering.sources import data_of
from activities.triggering.standing import Standing, standing
from schemas.contact import Contact
from schemas.sequence import Sequence
from schemas.values import Facts
from storage import enrolled
from storage.entering import appointments, starts, triggers
from storage.people import contacts, records
from storage.people.records import Record


def put_record(connection: Connection, record: Record, at: datetime) -> bool | None:
    """Keep a record in the place of what it was, and tell whether that changed anything.

    Its dates are aimed at anew, and the contact's enrollment per the same is told what it says.
    None if there is no such contact.
    """
    contact = contacts.lock(connection, record.contact_id)
    if contact is None:
        return None
    # It may have been merged into another one just now.
    record = record.model_copy(update={"contact_id": contact.id})
    before = records.get(connection, contact.id, record.id)
    if before == record:
        return False
    _look_first(connection, contact)
    records.put(connection, record, at)
    _aim(connection, contact, at)
    _tell(connection, contact, before, record, at)
    return True


def remove_record(connection: Connection, contact_id: str, record: str, at: datetime) -> bool:
    """Forget a record, and tell whether there was one; its dates enroll nobody any more.

    Whoever is enrolled stays so, with what was given.
    """
    contact = contacts.lock(connection, contact_id)
    if contact is None or records.get(connection, contact_id, record) is None:
        return False
    _look_first(connection, contact)
    records.remove(connection, contact_id, record)
    for one in _near(connection):
        appointments.drop(connection, one.of, contact_id, [record])
    _aim(connection, contact, at)
    return True


def _look_first(connection: Connection, contact: Contact) -> None:
    for one in _near(connection):
        look_first(connection, one, contact)


def _near(connection: Connection) -> list[Standing]:
    rows = triggers.of_contacts(connection)
    return standing(connection, (row for row in rows if row.kind == "near"))


def _aim(connection: Connection, contact: Contact, at: datetime) -> None:
    mine = records.of_contacts(connection, [contact.id]).get(contact.id, [])
    for one in _near(connection):
        aim_at_dates(connection, one, contact, mine, at)


def _tell(
    connection: Connection, contact: Contact, before: Record | None, record: Record, at: datetime
) -> None:
    facts = _changes(before.data if before else {}, record.data)
    by = Told(at, f"record {record.id} {uuid4().hex}")
    for live in enrolled.live_of(connection, contact.id) if facts else ():
        if _is_of(sequences().get(connection, live.version), contact, record, live.key):
            tell_one(connection, enrolled.get(connection, live.id), facts, by)
    for start in starts.waiting_of(connection, contact.id):
        if _is_of(sequences().latest(connection, start.sequence), contact, record, start.key):
            starts.give(connection, start.id, _with(start.data, facts))


def _is_of(sequence: Sequence | None, contact: Contact, record: Record, key: str | None) -> bool:
    if sequence is None or sequence.key is None:
        return False
    return key_in(sequence, contact, data_of(sequence, record)) == key


def _with(data: Facts, facts: Facts) -> Facts:
    return {name: value for name, value in {**data, **facts}.items() if value is not None}


def _changes(before: Facts, after: Facts) -> Facts:
    names = {**before, **after}
    changed: dict[str, JsonValue] = {
        name: after.get(name) for name in names if before.get(name) != after.get(name)
    }
    return changed

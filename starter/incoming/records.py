"""What the app knows of a contact per order or contract, say: kept and forgotten by the app."""

from datetime import datetime

from sqlalchemy import Engine

from activities.triggering.by_record import put_record, remove_record
from schemas.values import Facts, Value
from storage.people import contacts
from storage.people.records import Record


class RecordOf(Value):
    """Names a record: whose it is, by id, external key or address, and its own id."""

    contact: str
    id: str


def keep_record(engine: Engine, whom: RecordOf, data: Facts, at: datetime) -> bool | None:
    """Keep a record in the place of what it was, and tell whether that changed anything.

    Dates in it may enroll the contact (language rule 31), and its enrollment per the same hears
    of what is new. None if there is no such contact.
    """
    with engine.begin() as connection:
        contact = contacts.find(connection, whom.contact)
        if contact is None:
            return None
        return put_record(connection, Record(contact_id=contact.id, id=whom.id, data=data), at)


def forget_record(engine: Engine, whom: RecordOf, at: datetime) -> bool:
    """Forget a record, and tell whether there was one; who is enrolled stays so."""
    with engine.begin() as connection:
        contact = contacts.find(connection, whom.contact)
        return contact is not None and remove_record(connection, contact.id, whom.id, at)

"""A contact's facts change: saved, and told to the enrollments that look at them."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine

from activities.telling import changed, tell_all
from activities.triggering.by_contact import ContactChange, enroll_by_contact
from schemas.contact import Contact, NewContact
from starter.incoming.recognising import tell_recognised
from storage.people import contacts
from storage.people.addresses import exact_key
from storage.people.contacts import AddressTaken, Saved


def save_contact(engine: Engine, new: NewContact, at: datetime) -> Saved | AddressTaken:
    """Create or change a contact in one transaction, and lay out what enrollments must know."""
    with engine.begin() as connection:
        return saved_contact(connection, new, at)


def saved_contact(connection: Connection, new: NewContact, at: datetime) -> Saved | AddressTaken:
    """Do the same within a transaction of the caller's."""
    before = _before(connection, new)
    saved = contacts.save(connection, new)
    if isinstance(saved, Saved):
        follow(connection, before, saved, at)
    return saved


def follow(
    connection: Connection,
    before: Contact | None,
    saved: Saved,
    at: datetime,
    also: Collection[str] = (),
) -> None:
    """Lay out all that follows from a contact that is saved, in the same transaction.

    Saving many at once (starter.many_changes) leaves this out for whom it would do nothing. `also`
    are further keys that are the contact's from now on.
    """
    is_named_anew = bool(also) or _names(saved.contact) != _names(before)
    inherits = is_named_anew and tell_recognised(connection, saved.contact, also) > 0
    if inherits or saved.contact != before:
        # Of two changes of one minute the later id counts (`after_event`).
        mark = f"contact_changed.{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}.{uuid4().hex}"
        _follow(connection, ContactChange(before, saved.contact, at, mark, inherits))


def _names(contact: Contact | None) -> tuple[str | None, ...] | None:
    return None if contact is None else (contact.external_key, exact_key(contact.email))


def _follow(connection: Connection, change: ContactChange) -> None:
    if change.before is not None:
        tell = changed(change.before, change.after, change.at, change.cause)
        tell_all(connection, change.after.id, change.at, tell)
    enroll_by_contact(connection, change)


def _before(connection: Connection, new: NewContact) -> Contact | None:
    by_key = contacts.find(connection, new.external_key) if new.external_key else None
    found = by_key or contacts.find(connection, new.email)
    # As it is when nobody else changes it any more.
    return None if found is None else contacts.lock(connection, found.id)

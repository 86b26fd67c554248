"""Many contacts' facts change at once: what is plain in a few statements, the rest one by one."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection

from schemas.contact import Contact, NewContact
from starter.incoming.changes import follow, saved_contact
from storage.entering import triggers
from storage.people import contact_batches, identities
from storage.people.addresses import exact_key
from storage.people.contacts import AddressTaken, Saved

Plain = dict[int, tuple[NewContact, Contact | None]]


def saved_contacts(
    connection: Connection, news: Collection[NewContact], at: datetime
) -> list[Saved | AddressTaken]:
    """Save contacts within a transaction of the caller's, as saving them one by one would.

    Raises IntegrityError if somebody else takes a key or an address meanwhile: then one by one.
    """
    plain, rest = _sorted(contact_batches.find_all(connection, news), news)
    saved: dict[int, Saved | AddressTaken] = {}
    saved |= _followed(
        connection, plain, {**_created(connection, plain), **_updated(connection, plain)}, at
    )
    missed = {index: new for index, (new, _) in plain.items() if index not in saved}
    for index, new in sorted({**missed, **rest}.items()):
        saved[index] = saved_contact(connection, new, at)
    return [saved[index] for index in range(len(news))]


def _followed(
    connection: Connection, plain: Plain, saved: dict[int, Saved], at: datetime
) -> dict[int, Saved]:
    """Lay out what follows, for whom something may: who is in a sequence, or was named before.

    Where triggers look at contacts, that is everybody.
    """
    is_looked_at = bool(triggers.of_contacts(connection))
    named = {index: _names(one.contact) for index, one in saved.items()}
    mentioned = identities.mentioned(connection, frozenset().union(*named.values()))
    ids = [one.contact.id for one in saved.values()]
    listening = contact_batches.listening(connection, ids)
    for index, one in saved.items():
        if is_looked_at or one.contact.id in listening or named[index] & mentioned:
            follow(connection, plain[index][1], one, at)
    return saved


def _sorted(
    found: contact_batches.Known, news: Collection[NewContact]
) -> tuple[Plain, dict[int, NewContact]]:
    """Tell what is plain (new, or known by the same address) from what needs a closer look."""
    plain: Plain = {}
    rest: dict[int, NewContact] = {}
    met: set[str] = set()
    for index, new in enumerate(news):
        by_key, by_address = found.match(new)
        known = set(_identities(new, by_key, by_address))
        moved = by_key is not None and by_key != by_address
        if moved or met & known or found.was_merged(new):
            rest[index] = new
        else:
            plain[index] = (new, by_address)
        met |= known
    return plain, rest


def _identities(new: NewContact, *found: Contact | None) -> Iterator[str]:
    yield f"address {exact_key(new.email)}"
    if new.external_key is not None:
        yield f"key {new.external_key}"
    yield from (f"id {one.id}" for one in found if one is not None)


def _created(connection: Connection, plain: Plain) -> dict[int, Saved]:
    new = {index: new for index, (new, before) in plain.items() if before is None}
    made = contact_batches.create_all(connection, list(new.values()))
    return {
        index: Saved(contact, created=True)
        for index, contact in zip(new, made, strict=True)
        if contact is not None
    }


def _updated(connection: Connection, plain: Plain) -> dict[int, Saved]:
    after = {
        index: (before, contact_batches.with_news(before, new))
        for index, (new, before) in plain.items()
        if before is not None
    }
    contact_batches.change_all(connection, [new for old, new in after.values() if old != new])
    return {index: Saved(contact, created=False) for index, (_, contact) in after.items()}


def _names(contact: Contact) -> frozenset[str]:
    keys = {contact.external_key} if contact.external_key else set()
    return frozenset({exact_key(contact.email), *keys, *map(identities.whom, keys)})

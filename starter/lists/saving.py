"""Entries' contacts saved, many in one transaction; whoever opted out elsewhere is suppressed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from schemas.contact import Contact
from schemas.events import Bounce, Unsubscribe
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.values import Value
from starter.incoming.changes import saved_contact
from starter.incoming.intake import Occurrence, everywhere, take
from starter.incoming.many_changes import saved_contacts
from starter.lists.entries import Entry
from starter.lists.rows import BadRow
from storage.events import NewEvent
from storage.faults import is_deadlock
from storage.people import suppressions
from storage.people.contacts import AddressTaken, Saved

BATCH = 500
"""How many rows are saved in one transaction."""

_TWO_PEOPLE = "its address is that of another contact than its record id: mend it in the CRM"
_TRIES = 5

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Taken(Value):
    """A row's contact as it is kept now, whether it is new, and newly suppressed."""

    line: int
    contact: Contact
    created: bool
    suppressed: bool


def in_batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Give items in lists of so many, the last one shorter."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def in_one(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    """Do work in one transaction, and anew where others were in its way."""
    for _ in range(_TRIES):
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if not is_deadlock(error):
                raise
    with engine.begin() as connection:
        return work(connection)


def saved_entries(
    connection: Connection, entries: list[Entry], at: datetime
) -> list[Taken | BadRow]:
    """Save entries' contacts within a transaction of the caller's, in order.

    One whose key and address are those of two contacts is refused, and stops no other.
    """
    try:
        with connection.begin_nested():
            saved = saved_contacts(connection, [one.read.contact for one in entries], at)
    except IntegrityError:
        saved = [saved_contact(connection, one.read.contact, at) for one in entries]
    return [_taken(connection, entry, one, at) for entry, one in zip(entries, saved, strict=True)]


def _taken(
    connection: Connection, entry: Entry, saved: Saved | AddressTaken, at: datetime
) -> Taken | BadRow:
    if isinstance(saved, AddressTaken):
        return BadRow(line=entry.line, reason=_TWO_PEOPLE, code="two_people")
    why = entry.read.opted_out
    newly = why is not None and _suppressed(connection, saved.contact, why, at)
    return Taken(line=entry.line, contact=saved.contact, created=saved.created, suppressed=newly)


def _suppressed(connection: Connection, contact: Contact, why: Reason, at: datetime) -> bool:
    standing = Suppression(
        target=contact.email, reason=why, scope=SCOPE_BY_REASON[why], source="import", at=at
    )
    if not suppressions.suppress(connection, standing):
        return False
    kind = "bounce" if why is Reason.BOUNCED else "unsubscribe"
    key = sha256(f"import|{kind}|{contact.id}|{at.isoformat()}".encode()).hexdigest()
    record = NewEvent(source="cli", natural_key=key, kind=kind, contact_id=contact.id, at=at)
    event = (
        Bounce(id=record.mark, at=at)
        if why is Reason.BOUNCED
        else Unsubscribe(id=record.mark, at=at)
    )
    return take(connection, Occurrence(record=record, tell=everywhere(event))).new

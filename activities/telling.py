"""Telling a contact's live enrollments what happened: ended at once where it ends them."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection

from activities.endings import put_down
from activities.sequences import sequences
from activities.turns import release
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.contact import Contact
from schemas.events import ContactChanged, Event
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.values import Facts, cut
from storage import deliveries, enrolled
from storage.people import contacts
from storage.rows import LiveEnrollment
from workflows.deciding.endings import ending_at_once, marketing_end

Telling = Callable[[LiveEnrollment, Sequence], Event | None]
"""What one live enrollment is told, if anything."""


class ToTell(NamedTuple):
    """What is to be told to the live enrollments of a contact, at which moment it happened."""

    contact: str
    at: datetime
    tell: Telling


class _Heard(NamedTuple):
    workflow_id: str
    event: Event
    ends: bool


def tell_all(connection: Connection, contact: str, at: datetime, tell: Telling) -> int:
    """Tell a contact's live enrollments, end those that it ends at once, and count the told.

    One that ended in the same minute and is not closed yet hears of another ending, too: the
    graver one counts (language rule 37).
    """
    contacts.lock(connection, contact)
    live = enrolled.live_of(connection, contact, or_ending_at=at)
    heard = [told for one in live if (told := _heard(connection, one, tell))]
    _lay_out(connection, heard)
    return len(heard)


def tell_each(connection: Connection, to_tell: Collection[ToTell]) -> None:
    """Tell of many things that happened, one after the other; their contacts must be locked.

    What it asks of PostgreSQL grows only with those that end an enrollment.
    """
    if not to_tell:
        return
    standing = enrolled.not_closed(connection, {one.contact for one in to_tell})
    heard: list[_Heard] = []
    for contact, at, tell in to_tell:
        live = [one for one in standing.get(contact, ()) if one.ended_at in (None, cut(at))]
        told = [told for one in live if (told := _heard(connection, one, tell))]
        if any(one.ends for one in told):
            standing |= {contact: [], **enrolled.not_closed(connection, [contact])}
        heard += told
    _lay_out(connection, heard)


def changed(before: Contact, after: Contact, at: datetime, mark: str) -> Telling:
    """Tell each enrollment the facts that its conditions use, and its zone, if they are new.

    `mark` is the event's id.
    """
    changes = _changes(before.facts(), after.facts())

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


def _heard(connection: Connection, live: LiveEnrollment, tell: Telling) -> _Heard | None:
    sequence = sequences().get(connection, live.version)
    event = None if sequence is None else tell(live, sequence)
    if sequence is None or event is None:
        return None
    ends = _end(connection, live, sequence, event)
    if live.ended_at is not None and not ends:
        return None
    ended = marketing_end(sequence, event)
    if ended is not None and event.at is not None:
        # What is left of it is transactional, and needs no contact to itself.
        release(connection, live.id, ended, event.at)
    return _Heard(live.workflow_id, event, ends)


def _lay_out(connection: Connection, heard: Collection[_Heard]) -> None:
    deliveries.enqueue_all(connection, [(one.workflow_id, one.event) for one in heard])


def _end(connection: Connection, live: LiveEnrollment, sequence: Sequence, event: Event) -> bool:
    ending = ending_at_once(sequence, event, live.key)
    if ending is None or event.at is None or event.at < live.enrolled_at:
        return False
    name, rank = ending
    put_down(connection, live.id, Ending(name=name, at=event.at), rank)
    return True

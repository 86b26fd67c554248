"""Telling a contact's live enrollments what happened: ended at once where it ends them."""

from collections.abc import Callable
from datetime import datetime

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
from schemas.values import Facts
from storage import deliveries, enrolled
from storage.people import contacts
from storage.rows import LiveEnrollment
from workflows.deciding.endings import ending_at_once, marketing_end

Telling = Callable[[LiveEnrollment, Sequence], Event | None]
"""What one live enrollment is told, if anything."""


def tell_all(connection: Connection, contact: str, at: datetime, tell: Telling) -> int:
    """Tell a contact's live enrollments, end those that it ends at once, and count the told.

    One that ended in the same minute and is not closed yet hears of another ending, too: the
    graver one counts (language rule 37).
    """
    contacts.lock(connection, contact)
    live = enrolled.live_of(connection, contact, or_ending_at=at)
    return sum(_tell(connection, one, tell) for one in live)


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


def _tell(connection: Connection, live: LiveEnrollment, tell: Telling) -> bool:
    sequence = sequences().get(connection, live.version)
    event = None if sequence is None else tell(live, sequence)
    if sequence is None or event is None:
        return False
    ends = _end(connection, live, sequence, event)
    if live.ended_at is not None and not ends:
        return False
    deliveries.enqueue(connection, live.workflow_id, event)
    ended = marketing_end(sequence, event)
    if ended is not None and event.at is not None:
        # What is left of it is transactional, and needs no contact to itself.
        release(connection, live.id, ended, event.at)
    return True


def _end(connection: Connection, live: LiveEnrollment, sequence: Sequence, event: Event) -> bool:
    ending = ending_at_once(sequence, event, live.key)
    if ending is None or event.at is None or event.at < live.enrolled_at:
        return False
    name, rank = ending
    put_down(connection, live.id, Ending(name=name, at=event.at), rank)
    return True

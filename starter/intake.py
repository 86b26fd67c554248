"""Where all that happens comes in: on record once, acted on in PostgreSQL, signals laid out.

Everything about one occurrence is one transaction. The relay brings the signals afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from schemas.events import AppEvent, Click, Conversion, Event, Open, Reply
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.suppression import Suppression
from schemas.values import Value
from storage import contacts, deliveries, enrolled, enrollments, events, suppressions, versions
from storage.events import NewEvent
from storage.rows import LiveEnrollment
from workflows.endings import ending_at_once

Telling = Callable[[LiveEnrollment, Sequence], Event | None]
"""What one live enrollment is told, if anything."""


class Taken(Value):
    """What became of something that came in; a repeat is not `new` and changes nothing."""

    new: bool
    contact: str | None = None
    enrollments: int = 0


@dataclass(frozen=True)
class Occurrence:
    """Something that happened: what goes on record, whom it suppresses, what it tells whom."""

    record: NewEvent
    suppression: Suppression | None = None
    tell: Telling | None = None


def take(connection: Connection, occurrence: Occurrence) -> Taken:
    """Take an occurrence in, once: what it ends is over in PostgreSQL when this is committed."""
    record = occurrence.record
    if events.record(connection, record) is None:
        return Taken(new=False, contact=record.contact_id)
    if occurrence.suppression is not None:
        suppressions.suppress(connection, occurrence.suppression)
    if record.contact_id is None or occurrence.tell is None:
        return Taken(new=True, contact=record.contact_id)
    told = tell_all(connection, record.contact_id, record.at, occurrence.tell)
    return Taken(new=True, contact=record.contact_id, enrollments=told)


def tell_all(connection: Connection, contact: str, at: datetime, tell: Telling) -> int:
    """Tell a contact's live enrollments, end those that it ends at once, and count the told.

    One that ended in the same minute and is not closed yet hears of another ending, too: the
    graver one counts (language rule 37).
    """
    contacts.lock(connection, contact)
    live = enrolled.live_of(connection, contact, or_ending_at=at)
    return sum(_tell(connection, one, tell) for one in live)


def everywhere(event: Event) -> Telling:
    """Tell every enrollment that listens to the event the same."""
    return lambda _, sequence: event if listens(sequence, event) else None


def only_in(row: UUID, event: Event) -> Telling:
    """Tell the enrollment `row` alone, if it listens."""
    return lambda live, sequence: event if live.id == row and listens(sequence, event) else None


def own_step(row: UUID | None, own: Event, others: Event) -> Telling:
    """Tell `own` to the enrollment `row`, whose step the event names, and `others` to the rest."""
    return lambda live, sequence: everywhere(own if live.id == row else others)(live, sequence)


def listens(sequence: Sequence, event: Event) -> bool:
    """Tell whether a sequence can do anything with the event; the rest wakes no worker."""
    if isinstance(event, AppEvent | Conversion):
        return f"event:{event.name}" in sequence.listens_to
    if isinstance(event, Reply | Click | Open):
        return event.kind in sequence.listens_to
    return True


def _tell(connection: Connection, live: LiveEnrollment, tell: Telling) -> bool:
    version = versions.get(connection, live.version)
    event = None if version is None else tell(live, version.sequence)
    if version is None or event is None:
        return False
    ends = _end(connection, live, version.sequence, event)
    if live.ended_at is not None and not ends:
        return False
    deliveries.enqueue(connection, live.workflow_id, event)
    return True


def _end(connection: Connection, live: LiveEnrollment, sequence: Sequence, event: Event) -> bool:
    ending = ending_at_once(sequence, event, live.key)
    if ending is None or event.at is None or event.at < live.enrolled_at:
        return False
    name, rank = ending
    enrollments.end(connection, live.id, Ending(name=name, at=event.at), rank)
    return True

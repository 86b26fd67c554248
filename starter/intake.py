"""Where all that happens comes in: on record once, acted on in PostgreSQL, signals laid out.

Everything about one occurrence is one transaction. The relay brings the signals afterwards.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from activities.telling import Telling, tell_all
from schemas.events import AppEvent, Click, Conversion, Event, Open, Reply
from schemas.sequence import Sequence
from schemas.suppression import Suppression
from schemas.values import Value
from storage import events, suppressions
from storage.events import NewEvent


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

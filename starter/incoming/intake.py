"""Where all that happens comes in: on record once, acted on in PostgreSQL, signals laid out.

Everything about one occurrence is one transaction. The relay brings the signals afterwards.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from activities.sequences import sequences
from activities.telling import Telling, ToTell, tell_all, tell_each
from activities.triggering.by_event import enroll_by_event
from schemas.contact import Contact
from schemas.events import AppEvent, Click, Colleague, Conversion, Event, Open, Reply
from schemas.sequence import Sequence
from schemas.suppression import Suppression
from schemas.values import Value
from storage import events
from storage.events import NewEvent
from storage.many_events import record_all
from storage.people import colleagues, contacts, suppressions


class Taken(Value):
    """What became of something that came in; a repeat is not `new` and changes nothing.

    `enrollments` are those of the contact that are told of it, `colleagues` those of others of
    the same company; `enrolls` are the sequences in which it asks for a new one.
    """

    new: bool
    contact: str | None = None
    enrollments: int = 0
    colleagues: int = 0
    enrolls: int = 0


@dataclass(frozen=True)
class Occurrence:
    """Something that happened: what goes on record, whom it suppresses, what it tells whom."""

    record: NewEvent
    suppression: Suppression | None = None
    tell: Telling | None = None


def take(connection: Connection, occurrence: Occurrence) -> Taken:
    """Take an occurrence in, once: what it ends is over in PostgreSQL when this is committed.

    The contacts that it concerns are locked first, in order: no claim of theirs comes between.
    """
    others = _colleagues(connection, occurrence.record)
    lock(connection, [occurrence], others)
    record, contact = _settled(connection, occurrence.record)
    if events.record(connection, record) is None:
        return Taken(new=False, contact=record.contact_id)
    if occurrence.suppression is not None:
        _suppress(connection, occurrence.suppression, contact)
    if record.contact_id is None or occurrence.tell is None:
        return Taken(new=True, contact=record.contact_id)
    return Taken(
        new=True,
        contact=record.contact_id,
        enrollments=tell_all(connection, record.contact_id, record.at, occurrence.tell),
        colleagues=_tell_colleagues(connection, record, others),
        enrolls=enroll_by_event(connection, record),
    )


def take_all(connection: Connection, occurrences: Several[Occurrence]) -> list[bool]:
    """Take in many occurrences that neither colleagues nor triggers heed, and tell which are new.

    Each is taken as by `take`, in their order. All contacts are locked first, in the order of
    their ids; what it asks of PostgreSQL grows only with those that suppress or end something.
    """
    merged = lock(connection, occurrences)
    records = [_of(merged, one.record) for one in occurrences]
    new = set(record_all(connection, records))
    are_new: list[bool] = []
    to_tell: list[ToTell] = []
    for occurrence, record in zip(occurrences, records, strict=True):
        are_new.append(record.natural_key in new)
        if not are_new[-1]:
            continue
        # Of two that are the same the first one counts.
        new.remove(record.natural_key)
        if occurrence.suppression is not None:
            _suppress(connection, occurrence.suppression, _whose(connection, record))
        if occurrence.tell is not None and record.contact_id is not None:
            to_tell.append(ToTell(record.contact_id, record.at, occurrence.tell))
    tell_each(connection, to_tell)
    return are_new


def _of(merged: Mapping[str, str], record: NewEvent) -> NewEvent:
    now = merged.get(record.contact_id or "")
    return record if now is None else record.model_copy(update={"contact_id": now})


def _whose(connection: Connection, record: NewEvent) -> Contact | None:
    return None if record.contact_id is None else contacts.get(connection, record.contact_id)


def lock(
    connection: Connection, occurrences: Iterable[Occurrence], others: Collection[str] = ()
) -> dict[str, str]:
    """Lock all contacts that the occurrences concern, and `others`, in the order of their ids.

    Gives who was merged just now into whom.
    """
    concerned = list(occurrences)
    ids = [one.record.contact_id for one in concerned if one.record.contact_id is not None]
    targets = [one.suppression.target for one in concerned if one.suppression is not None]
    if not ids and not targets:
        return {}
    locked = contacts.lock_all(connection, [*ids, *others], targets)
    gone = sorted({*ids, *others} - locked)
    now = {merged: contacts.lock(connection, merged) for merged in gone}
    return {merged: contact.id for merged, contact in now.items() if contact is not None}


def _settled(connection: Connection, record: NewEvent) -> tuple[NewEvent, Contact | None]:
    """Give the record of the contact as it is, whom another may have been merged into just now."""
    if record.contact_id is None:
        return record, None
    contact = contacts.get(connection, record.contact_id)
    if contact is None or contact.id == record.contact_id:
        return record, contact
    return record.model_copy(update={"contact_id": contact.id}), contact


def _suppress(connection: Connection, suppression: Suppression, contact: Contact | None) -> None:
    suppressions.suppress(connection, suppression)
    if contact is not None and suppressions.is_of_the_person(suppression):
        # They may use another address by now.
        own = suppression.model_copy(update={"target": contact.email})
        suppressions.suppress(connection, own)


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
    if isinstance(event, Colleague):
        return _word(event) in sequence.listens_to
    return True


def _word(event: Colleague) -> str:
    return "account:reply" if event.of == "reply" else f"account:event:{event.name}"


def _colleagues(connection: Connection, record: NewEvent) -> list[str]:
    """Give who of the same company may have to be told; from then on nobody else of it is."""
    event = colleagues.told(record)
    if event is None or record.contact_id is None:
        return []
    heeding = [
        one
        for one in colleagues.heeding(connection)
        if (sequence := sequences().get(connection, one)) and listens(sequence, event)
    ]
    if not heeding:
        return []
    colleagues.take_turn(connection, record.contact_id)
    return colleagues.to_be_told(connection, record.contact_id, heeding)


def _tell_colleagues(connection: Connection, record: NewEvent, others: Iterable[str]) -> int:
    event = colleagues.told(record)
    if event is None:
        return 0
    return sum(tell_all(connection, one, record.at, everywhere(event)) for one in others)

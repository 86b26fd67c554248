"""Enrolling by what the app reports, in the transaction that puts it on record."""

from sqlalchemy import Connection

from activities.triggering.appointing import aim_at_silence
from activities.triggering.asking import Cause, asked
from activities.triggering.standing import Standing, standing
from schemas.contact import Contact
from schemas.values import Facts
from storage.entering import starts, triggers
from storage.events import NewEvent
from storage.people import batches, contacts
from workflows.deciding.conditions import Known, holds

APP_EVENT = "event"
"""The kind of what the app reports under a name of its own."""


def enroll_by_event(connection: Connection, event: NewEvent) -> int:
    """Lay out what an event causes, once for each sequence, and count it.

    To be called when the event is new on record and its contact is locked. Its own moment is
    that of the enrollments; one of before the trigger was published enrolls nobody, unless the
    trigger wants those of before, too: then from its publishing on. Silences begin anew.
    """
    if event.kind != APP_EVENT or event.name is None or event.contact_id is None:
        return 0
    concerned = standing(connection, triggers.of_event(connection, event.name))
    contact = contacts.get(connection, event.contact_id) if concerned else None
    if contact is None:
        return 0
    for one in concerned:
        if one.trigger.kind == "inactive":
            _break_silence(connection, one, contact, event)
    meant = (one for one in concerned if _enrolls(one, event))
    return starts.lay_out(connection, (asked(one, contact, _cause(one, event)) for one in meant))


def creates(connection: Connection, name: str, fields: Facts) -> bool:
    """Tell whether a trigger wants a contact made of whom such an event is reported (rule 33)."""
    rows = triggers.of_event(connection, name)
    return any(one.trigger.creates and matches(one, fields) for one in standing(connection, rows))


def matches(one: Standing, fields: Facts) -> bool:
    """Tell whether an event with these fields is one that a trigger means."""
    where = one.trigger.on.where if one.trigger.on is not None else None
    return holds(where, Known(event=fields))


def _break_silence(
    connection: Connection, one: Standing, contact: Contact, event: NewEvent
) -> None:
    # Events come in any order: what counts is the last one on record.
    last = batches.last_events(connection, [contact.id], event.name or "")
    aim_at_silence(connection, one, contact, last.get(contact.id, event.at))


def _enrolls(one: Standing, event: NewEvent) -> bool:
    if one.trigger.kind != "event":
        return False
    of_before = one.trigger.backfill == "none" and event.at < one.row.since
    return not of_before and matches(one, event.fields)


def _cause(one: Standing, event: NewEvent) -> Cause:
    mark, at = cause_of(event.natural_key), max(event.at, one.row.since)
    return Cause(mark=mark, at=at, data=event.fields)


def cause_of(natural_key: str) -> str:
    """Name an event as what causes an enrollment, whenever it is looked at."""
    return f"event {natural_key}"

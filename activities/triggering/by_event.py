"""Enrolling by what the app reports, in the transaction that puts it on record."""

from sqlalchemy import Connection

from activities.triggering.asking import asked
from activities.triggering.standing import Standing, standing
from schemas.values import Facts
from storage import contacts, starts, triggers
from storage.events import NewEvent
from workflows.conditions import Known, holds

APP_EVENT = "event"
"""The kind of what the app reports under a name of its own."""


def enroll_by_event(connection: Connection, event: NewEvent) -> int:
    """Lay out what an event causes, once for each sequence, and count it.

    To be called when the event is new on record and its contact is locked. Its own moment is
    that of the enrollments; one of before the trigger was published enrolls nobody, unless the
    trigger wants those of before, too: then from its publishing on.
    """
    if event.kind != APP_EVENT or event.name is None or event.contact_id is None:
        return 0
    meant = [one for one in _of(connection, event.name) if _enrolls(one, event)]
    contact = contacts.get(connection, event.contact_id) if meant else None
    if contact is None:
        return 0
    cause = f"event {event.natural_key}"
    return starts.lay_out(
        connection,
        (asked(one, contact, cause, event.fields, max(event.at, one.row.since)) for one in meant),
    )


def creates(connection: Connection, name: str, fields: Facts) -> bool:
    """Tell whether a trigger wants a contact made of whom such an event is reported (rule 33)."""
    return any(one.trigger.creates and _matches(one, fields) for one in _of(connection, name))


def _of(connection: Connection, name: str) -> list[Standing]:
    rows = triggers.of_event(connection, name)
    return [one for one in standing(connection, rows) if one.trigger.kind == "event"]


def _enrolls(one: Standing, event: NewEvent) -> bool:
    of_before = one.trigger.backfill == "none" and event.at < one.row.since
    return not of_before and _matches(one, event.fields)


def _matches(one: Standing, fields: Facts) -> bool:
    where = one.trigger.on.where if one.trigger.on is not None else None
    return holds(where, Known(event=fields))

"""Enrolling by what a contact is and has, in the transaction that changes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from activities.triggering.appointing import aim_at_dates, aim_at_silence
from activities.triggering.asking import Cause, asked
from activities.triggering.data import Told, tell_data
from activities.triggering.filling import look_first
from activities.triggering.standing import Standing, standing
from activities.zones import zone_name
from schemas.contact import Contact
from schemas.sequence import Sequence
from schemas.values import Facts
from storage.entering import appointments, starts, triggers
from storage.entering.appointments import NewAppointment
from storage.people import batches, records
from workflows.deciding.conditions import Known, holds


@dataclass(frozen=True)
class ContactChange:
    """A contact as it was (None: it is new) and as it is; `cause` names the change.

    `inherits` events if some that were nobody's, or another contact's, are its own now.
    """

    before: Contact | None
    after: Contact
    at: datetime
    cause: str
    inherits: bool = False

    def moves_in(self, sequence: Sequence) -> bool:
        """Tell whether its enrollments in a sequence would be in another zone than before."""
        if self.before is None:
            return False
        return zone_name(sequence, self.before) != zone_name(sequence, self.after)


def enroll_by_contact(connection: Connection, change: ContactChange) -> None:
    """Lay out and appoint what a change of a contact causes.

    To be called when the change is made and the contact locked.
    """
    for one in standing(connection, triggers.of_contacts(connection)):
        if change.before is not None:
            look_first(connection, one, change.before)
        _ACT_BY_KIND[one.trigger.kind](connection, one, change)


def _by_condition(connection: Connection, one: Standing, change: ContactChange) -> None:
    if not _becomes_true(one, change):
        return
    if one.trigger.per_day is None:
        cause = Cause(mark=change.cause, at=change.at)
        starts.lay_out(connection, [asked(one, change.after, cause)])
        return
    # Whoever is one of so many a day is let in by the sweep.
    kept = NewAppointment(
        **one.of._asdict(),
        contact_id=change.after.id,
        basis=change.cause,
        due_at=change.at,
        fires_at=change.at,
    )
    appointments.keep(connection, kept)


def _becomes_true(one: Standing, change: ContactChange) -> bool:
    before = change.before
    was = before is not None and holds(one.trigger.when, Known(contact=before.facts()))
    return not was and holds(one.trigger.when, Known(contact=change.after.facts()))


def _by_date(connection: Connection, one: Standing, change: ContactChange) -> None:
    mine = records.of_contacts(connection, [change.after.id]).get(change.after.id, [])
    aim_at_dates(connection, one, change.after, mine, change.at)
    if change.before is not None and not mine:
        facts = _changed_attributes(one, change.before, change.after)
        tell_data(connection, one, change.after.id, facts, Told(change.at, change.cause))


def _changed_attributes(one: Standing, before: Contact, after: Contact) -> Facts:
    return {
        name: after.attributes.get(name)
        for name in one.data_names
        if before.attributes.get(name) != after.attributes.get(name)
    }


def _by_silence(connection: Connection, one: Standing, change: ContactChange) -> None:
    if not change.inherits and not change.moves_in(one.sequence):
        return
    name, contact_id = one.row.event or "", change.after.id
    last = batches.last_events(connection, [contact_id], name).get(contact_id)
    if last is not None:
        aim_at_silence(connection, one, change.after, last)


_ACT_BY_KIND: dict[str, Callable[[Connection, Standing, ContactChange], None]] = {
    "attribute": _by_condition,
    "near": _by_date,
    "inactive": _by_silence,
}

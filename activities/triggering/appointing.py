"""Appointments made, moved and dropped, in the transaction that changes what they count from."""

from collections.abc import Sequence as Many
from datetime import datetime

from sqlalchemy import Connection

from activities.triggering.aiming import Case, Cases, after_silence, before_date, has_passed
from activities.triggering.sources import HIMSELF, Source, sources
from activities.triggering.standing import Standing
from schemas.contact import Contact
from storage.entering import appointments
from storage.entering.appointments import NewAppointment
from storage.people.records import Record


def aim_at_silence(
    connection: Connection, standing: Standing, contact: Contact, last: datetime
) -> None:
    """Let a contact be enrolled when it has been silent long enough since the `last` event."""
    case = Cases(connection, standing).of(contact)
    appointments.keep(connection, for_silence(standing, case, last))


def aim_at_dates(
    connection: Connection,
    standing: Standing,
    contact: Contact,
    records: Many[Record],
    at: datetime,
) -> None:
    """Let a contact be enrolled so long before each of its dates, as they are known at `at`."""
    case = Cases(connection, standing).of(contact)
    found = sources(standing, contact, records)
    gone = {HIMSELF, *(record.id for record in records)} - {source.record for source in found}
    appointments.drop(connection, standing.of, contact.id, sorted(gone))
    for source in found:
        made = for_date(standing, case, source, at)
        if made is not None:
            appointments.keep(connection, made)
        else:
            # One that passed since it was known was due before: it waits for a look all the same.
            appointments.drop(
                connection, standing.of, contact.id, [source.record], but=source.basis
            )


def for_silence(standing: Standing, case: Case, last: datetime) -> NewAppointment:
    """Make the appointment that is counted from the `last` event."""
    due, since = after_silence(case, last), standing.row.since
    return _made(standing, case, last.isoformat(), due).model_copy(
        update={
            "fires_at": max(due, since),
            "state": "passed" if _is_over(standing, due) else "waiting",
        }
    )


def for_date(standing: Standing, case: Case, source: Source, at: datetime) -> NewAppointment | None:
    """Make the appointment that is counted from a date; None for one that has passed by `at`."""
    due = before_date(case, source.value)
    if due is None or has_passed(case, source.value, at):
        return None
    return _made(standing, case, source.basis, due).model_copy(
        update={"record": source.record, "fires_at": max(due, at)}
    )


def _made(standing: Standing, case: Case, basis: str, due: datetime) -> NewAppointment:
    return NewAppointment(
        sequence=standing.row.sequence,
        trigger=standing.row.mark,
        contact_id=case.contact.id,
        basis=basis,
        due_at=due,
        fires_at=due,
    )


def _is_over(standing: Standing, due: datetime) -> bool:
    return standing.trigger.backfill == "none" and due < standing.row.since

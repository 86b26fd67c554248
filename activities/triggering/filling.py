"""Those whom a trigger fits already when it is published: found batch by batch, in flat memory."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from activities.triggering.aiming import Case, Cases, Holidays
from activities.triggering.appointing import for_date, for_silence
from activities.triggering.asking import Cause, asked
from activities.triggering.by_event import cause_of, matches
from activities.triggering.sources import sources
from activities.triggering.standing import Standing, standing
from schemas.contact import Contact
from schemas.values import Facts
from storage.entering import appointments, starts, triggers
from storage.entering.appointments import NewAppointment
from storage.entering.starts import NewStart
from storage.entering.triggers import TriggerRow
from storage.people import batches, records
from workflows.deciding.conditions import Known, holds

BATCH = 500
"""How many contacts are looked at in one transaction."""


def _unheard(_: int) -> None:
    return None


class Fit(NamedTuple):
    """Somebody whom a trigger fits, now or later: to be started at once, or appointed."""

    contact: Contact
    data: Facts
    start: NewStart | None = None
    appointment: NewAppointment | None = None

    def is_due(self, at: datetime) -> bool:
        """Tell whether the trigger fits by a moment."""
        made = self.appointment
        return made is None or (made.due_at <= at and made.state == "waiting")


def fits(
    connection: Connection, one: Standing, batch: list[Contact], known: Holidays | None = None
) -> list[Fit]:
    """Give whom of some contacts a trigger fits, by what is on record now."""
    cases = Cases(connection, one, known)
    find = _FIND_BY_KIND[one.trigger.kind]
    return list(find(connection, one, [cases.of(contact) for contact in batch]))


def look_first(connection: Connection, one: Standing, before: Contact) -> None:
    """Look at a contact as it is before a change, if a trigger is new and has not come to it yet.

    So the change finds what was there at the publishing on record, and is no part of it.
    """
    if one.row.filled_to is not None and before.id > one.row.filled_to:
        _keep(connection, one, fits(connection, one, [before]))


def fill(engine: Engine, row: TriggerRow, watch: Callable[[int], None] = _unheard) -> None:
    """Look at all contacts for a trigger that is new; what was interrupted goes on where it was.

    `watch` hears how many were looked at. Whoever is changed meanwhile is seen by both sides, and
    kept once. Raises OperationalError if those who looked before do not come to an end.
    """
    with engine.begin() as connection:
        triggers.wait_for_those_before(connection)
    following: TriggerRow | None = row
    while following is not None and following.filled_to is not None:
        following, looked = _fill_batch(engine, following)
        watch(looked)


def _fill_batch(engine: Engine, row: TriggerRow) -> tuple[TriggerRow | None, int]:
    with engine.begin() as connection:
        found = standing(connection, [row])
        batch = batches.contacts_after(connection, row.filled_to or "", BATCH)
        for one in found:
            _keep(connection, one, fits(connection, one, batch))
        to = batch[-1].id if len(batch) == BATCH else None
        is_mine = triggers.filled(connection, row, to)
        if not is_mine:
            connection.rollback()
            return None, 0
    return row.model_copy(update={"filled_to": to}), len(batch)


def _keep(connection: Connection, one: Standing, found: list[Fit]) -> None:
    starts.lay_out(connection, [fit.start for fit in found if fit.start is not None])
    made = [fit.appointment for fit in found if fit.appointment is not None]
    if not made:
        return
    ids = [new.contact_id for new in made]
    known = appointments.known(connection, one.of, ids)
    asked_for = starts.asked_since(connection, one.of, ids, one.row.since)
    # What came in since the publishing knows better.
    appointments.keep_new(
        connection,
        [
            new
            for new in made
            if (new.contact_id, new.record) not in known and new.contact_id not in asked_for
        ],
    )


def _by_event(connection: Connection, one: Standing, cases: list[Case]) -> Iterator[Fit]:
    contacts = {case.contact.id: case.contact for case in cases}
    seen: set[tuple[str, str | None]] = set()
    for row in batches.app_events(connection, list(contacts), one.row.event or ""):
        if not matches(one, row["fields"]):
            continue
        contact = contacts[row["contact_id"]]
        mark = cause_of(row["natural_key"])
        cause = Cause(mark=mark, at=max(row["at"], one.row.since), data=row["fields"])
        start = asked(one, contact, cause)
        # Those of before enroll once all together.
        if row["at"] >= one.row.since or (contact.id, start.key) not in seen:
            yield Fit(contact, row["fields"], start=start)
        if row["at"] < one.row.since:
            seen.add((contact.id, start.key))


def _by_condition(_: Connection, one: Standing, cases: list[Case]) -> Iterator[Fit]:
    for case in cases:
        if holds(one.trigger.when, Known(contact=case.contact.facts())):
            made = NewAppointment(
                **one.of._asdict(),
                contact_id=case.contact.id,
                basis=_BEFORE,
                due_at=one.row.since,
                fires_at=one.row.since,
            )
            yield Fit(case.contact, {}, appointment=made)


def _by_silence(connection: Connection, one: Standing, cases: list[Case]) -> Iterator[Fit]:
    ids = [case.contact.id for case in cases]
    last = batches.last_events(connection, ids, one.row.event or "")
    for case in cases:
        if case.contact.id in last:
            made = for_silence(one, case, last[case.contact.id])
            yield Fit(case.contact, {}, appointment=made)


def _by_date(connection: Connection, one: Standing, cases: list[Case]) -> Iterator[Fit]:
    mine = records.of_contacts(connection, [case.contact.id for case in cases])
    for case in cases:
        for source in sources(one, case.contact, mine.get(case.contact.id, [])):
            made = for_date(one, case, source, one.row.since)
            if made is not None:
                yield Fit(case.contact, source.data, appointment=_judged(one, made))


def _judged(one: Standing, made: NewAppointment) -> NewAppointment:
    if one.trigger.backfill == "none" and made.due_at < one.row.since:
        return made.model_copy(update={"state": "passed"})
    return made


_BEFORE = "before the publishing"
_FIND_BY_KIND: dict[str, Callable[[Connection, Standing, list[Case]], Iterator[Fit]]] = {
    "event": _by_event,
    "attribute": _by_condition,
    "inactive": _by_silence,
    "near": _by_date,
}

"""Whoever is due enters: each appointment looked at once more, and made a start."""

from collections.abc import Sequence as Many
from datetime import datetime

from sqlalchemy import Connection

from activities.admitting.admission import already_enrolled, refusal
from activities.admitting.applicants import Applicant
from activities.triggering.appointing import aim_at_dates
from activities.triggering.asking import Cause, asked
from activities.triggering.sources import Source, sources
from activities.triggering.standing import Standing
from activities.triggering.today import Today
from schemas.contact import Contact
from schemas.ids import enrollment_id
from schemas.outcomes import Refused
from storage.entering import appointments
from storage.entering.appointments import Appointment
from storage.entering.starts import NewStart
from storage.people import batches, records
from workflows.deciding.conditions import Known, holds


class Entering:
    """Makes starts of one trigger's due appointments, their contacts being locked."""

    def __init__(self, connection: Connection, one: Standing, today: Today) -> None:
        self._connection = connection
        self._one = one
        self._today = today
        self._last: dict[str, datetime] = {}

    def ask(self, taken: Many[Appointment]) -> list[NewStart]:
        """Give the starts, and put down that the appointments are over.

        What holds no more (a date that is another one, a condition that is false again) passes.
        Of so many a day count those alone who would be let in now; the others are refused.
        """
        ids = {each.contact_id for each in taken}
        contacts = batches.contacts_by_id(self._connection, ids)
        mine = records.of_contacts(self._connection, ids)
        self._last = batches.last_events(self._connection, ids, self._one.row.event or "")
        live = batches.live_in(self._connection, self._one.sequence.name, ids)
        made: dict[int, NewStart] = {}
        for each in taken:
            contact = contacts[each.contact_id]
            source = self._source(each, contact, mine.get(contact.id, []))
            if source is not None:
                start = self._start(each, contact, source)
                made[each.id] = self._judged(start, contact, live)
        self._over([each.id for each in taken if each.id not in made], list(made))
        return list(made.values())

    def _over(self, passed: list[int], fired: list[int]) -> None:
        appointments.over(self._connection, passed, "passed", self._today.now)
        appointments.over(self._connection, fired, "fired", self._today.now)

    def _source(
        self, each: Appointment, contact: Contact, mine: list[records.Record]
    ) -> Source | None:
        trigger = self._one.trigger
        if trigger.kind == "attribute":
            still = holds(trigger.when, Known(contact=contact.facts()))
            return Source(value=None, data={}) if still else None
        if trigger.kind == "inactive":
            # Another's events may have become this contact's since.
            last = self._last.get(contact.id)
            still = last is not None and last.isoformat() == each.basis
            return Source(value=None, data={}) if still else None
        found = sources(self._one, contact, mine)
        now = (one for one in found if (one.record, one.basis) == (each.record, each.basis))
        source = next(now, None)
        if source is None:
            aim_at_dates(self._connection, self._one, contact, mine, self._today.now)
        return source

    def _start(self, each: Appointment, contact: Contact, source: Source) -> NewStart:
        parts = (self._one.trigger.kind, self._one.row.mark, each.record, each.basis)
        cause = Cause(mark=" ".join(parts), at=self._moment(each), data=source.data)
        return asked(self._one, contact, cause)

    def _moment(self, each: Appointment) -> datetime:
        held_at = self._today.held_at
        was_held = held_at is not None and each.fires_at <= held_at
        return self._today.begins if was_held else each.fires_at

    def _judged(
        self, start: NewStart, contact: Contact, live: set[tuple[str, str | None]]
    ) -> NewStart:
        if self._one.trigger.per_day is None or start.refused is not None:
            return start
        refused = self._refusal(start, contact, live)
        if refused is None:
            return start
        return start.model_copy(update={"refused": refused.reason, "message": refused.message})

    def _refusal(
        self, start: NewStart, contact: Contact, live: set[tuple[str, str | None]]
    ) -> Refused | None:
        if (contact.id, start.key) in live:
            return already_enrolled(enrollment_id(start.sequence, contact.id, start.key))
        who = Applicant(
            contact=contact, key=start.key, data=start.data, at=start.at, source=start.source
        )
        return refusal(self._connection, self._one.sequence, who)

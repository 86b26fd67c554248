"""What would become of a list: done as it would be done, and then undone, row by row."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from activities.admitting.beginning import Beginning
from activities.letters.addresses import Addresses
from activities.mailing.arms import arm_for
from activities.published import Library, Published
from activities.rendering.rendered import TemplateFault
from authoring.simulation.simulate import Scenario, simulate
from schemas.activities import BeginRequest
from schemas.contact import Contact
from schemas.enrollment import EnrollmentStart
from schemas.ids import enrollment_id
from schemas.outcomes import Enrolled, Refused
from schemas.steps import Arm
from schemas.values import cut
from schemas.version import Version
from starter.authored.trying import Wanted, Whom, compose_all
from starter.lists.entries import Entry, Reading
from starter.lists.rows import BadRow
from starter.lists.saving import Taken, in_batches, saved_entries
from starter.lists.starting import start_of
from starter.lists.uploading import Wish, item_of
from starter.watching import Watch, unwatched
from storage import enrolled
from storage.entering.lists import Item, ListRow
from workflows.moments.calendar import local

BATCH = 20
"""How many rows are tried in one transaction: their contacts are locked that long."""

_NO_ID = UUID(int=0)


@dataclass
class Forecast:
    """What would become of the rows tried so far.

    `faults` counts rows by what is missing or wrong in a mail of theirs; `first` counts first mails
    by the hour in which they would go, as the contact's clock shows it.
    """

    rows: int = 0
    enrolled: int = 0
    waiting: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    incomplete: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    silent: int = 0


class DryRun:
    """Tries a list's rows for a version, as if at one moment; nothing of it stays."""

    def __init__(
        self, engine: Engine, addresses: Addresses, wish: Wish, version: Version, now: datetime
    ) -> None:
        self._engine, self._addresses, self._now = engine, addresses, cut(now)
        self._published = Published.of(version)
        self._beginning = Beginning(engine, Library())
        self._list = ListRow(
            id=_NO_ID,
            fingerprint="",
            sequence=wish.sequence,
            name="",
            by="",
            terms={**wish.terms(), "version": version.hash},
            attempt=0,
            created_wall=now,
        )
        self.found = Forecast()

    def rows(self, reading: Reading, watch: Watch = unwatched) -> Iterator[Forecast]:
        """Try all rows, giving what was found so far now and again."""
        for batch in in_batches((one for _, one in reading.entries()), BATCH):
            self._batch(batch, reading)
            self.found.rows += len(batch)
            watch(self.found.rows, 0)
            yield self.found

    def _batch(self, batch: list[Entry | BadRow], reading: Reading) -> None:
        entries = [one for one in batch if isinstance(one, Entry)]
        self.found.refused += Counter(one.code for one in batch if isinstance(one, BadRow))
        with self._engine.connect() as connection:
            for saved, entry in zip(
                saved_entries(connection, entries, self._now), entries, strict=True
            ):
                self._row(connection, saved, item_of(saved, entry, reading.sequence, self._list))
            connection.rollback()

    def _row(self, connection: Connection, saved: Taken | BadRow, item: Item) -> None:
        if isinstance(saved, BadRow) or item.reason is not None:
            self.found.refused[item.reason or "unreadable"] += 1
            return
        start = start_of(self._list, item)
        answer = self._answer(connection, start, item.line)
        if isinstance(answer, Refused):
            self.found.refused[answer.reason] += 1
            return
        self._compose(connection, start, saved.contact)
        if isinstance(answer, Enrolled):
            self.found.enrolled += 1
            self._time(answer, start, saved.contact)
        else:
            self.found.waiting += 1

    def _answer(self, connection: Connection, start: EnrollmentStart, line: int) -> object:
        workflow_id = enrollment_id(start.sequence, start.contact, start.key)
        live = enrolled.live_of(connection, start.contact)
        if any(one.workflow_id == workflow_id for one in live):
            return Refused(reason="already_enrolled", message="")
        request = BeginRequest(
            start=start, workflow_id=workflow_id, run_id=f"dry-run-{line}", now=self._now
        )
        return self._beginning.within(connection, request)[0]

    def _compose(self, connection: Connection, start: EnrollmentStart, contact: Contact) -> None:
        whom = Whom(self._published, contact, start.key, arms=self._arms(connection, contact))
        wanted = Wanted(sequence=start.sequence, data=start.data, at=self._now)
        faults = {
            mail.composed.reason
            for mail in compose_all(whom, wanted, self._addresses)
            if isinstance(mail.composed, TemplateFault)
        }
        self.found.faults += Counter(faults)
        self.found.incomplete += bool(faults)

    def _arms(self, connection: Connection, contact: Contact) -> dict[str, Arm]:
        sequence = self._published.sequence
        steps = [step for step in sequence.emails if step.arms]
        drawn = ((step.id, arm_for(connection, sequence, step, contact.id)) for step in steps)
        return {step: arm for step, arm in drawn if arm is not None}

    def _time(self, answer: Enrolled, start: EnrollmentStart, contact: Contact) -> None:
        scenario = Scenario(
            start=answer.at,
            zone=answer.zone,
            contact=contact.facts(),
            key=start.key,
            values=start.data,
            contact_id=contact.id,
        )
        sends = simulate(answer.sequence, scenario).sends
        if not sends:
            self.found.silent += 1
            return
        self.found.first[f"{local(sends[0].at, answer.zone):%Y-%m-%d %H}:00"] += 1

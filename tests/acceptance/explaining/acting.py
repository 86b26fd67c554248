"""One contact's life on real servers, with what no scenario can say: faults, brakes, silence."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from typing_extensions import override

from activities.endings import put_down
from authoring.scenarios.reading import Written
from devstack.emulator.faults import Fault, FaultKind
from devstack.rehearsal.doors import Doors
from devstack.rehearsal.living import Life, Lived
from devstack.rehearsal.records import address_of, moment_in
from schemas.events import DataChanged, Event
from schemas.progress import Ending
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from starter.braking import release, stop
from starter.explaining.explanations import Explanation, explain
from storage import enrolled, events
from storage.events import NewEvent
from storage.people import suppressions
from tests.builders import MONDAY

Deed = Callable[["Acted"], Awaitable[None]]
"""What is done to a life at a moment of it."""


@dataclass
class Acted(Life):
    """A life to which `deeds` are done at their moments, and what was explained meanwhile."""

    deeds: Mapping[datetime, Deed] = field(default_factory=dict)
    seen: dict[str, Explanation] = field(default_factory=dict)
    at: datetime = MONDAY

    @override
    async def live(self, events: list[Event]) -> Lived:
        self._bring_in()
        doors = self.doors
        for event in self.written.before:
            await doors.bring(event)
        for other in sorted(self.written.refuses):
            await self._occupy(other)
        await self._enroll()
        await self._until(self.written.start)
        for at in sorted({*map(moment_in, events), *self.deeds}):
            for event in (one for one in events if moment_in(one) == at):
                await self._happen(doors, event)
            if at in self.deeds:
                await self._until(at)
                self.at = at
                await self.deeds[at](self)
            await self._settle()
        await self._until(self.known_until)
        return await self._told()

    async def explained(self) -> Explanation:
        """Explain it as it stands."""
        told = await explain(self.stage.client, self.stage.engine, self.workflow_id)
        assert isinstance(told, Explanation), told
        return told

    @property
    def doors(self) -> Doors:
        return Doors(self.stage, self.written.start, self.contact_id, self.workflow_id)

    @property
    def row(self) -> UUID:
        with self.stage.engine.connect() as connection:
            row = enrolled.find(connection, self.workflow_id)
        assert row is not None
        return row.id


def looks(name: str) -> Deed:
    """Keep what is explained at that moment."""

    async def look(life: Acted) -> None:
        life.seen[name] = await life.explained()

    return look


async def given_a_word(life: Acted) -> None:
    """Give it what a mail of it lacks."""
    word = DataChanged(id="word", at=life.at, facts={"word": "Ada"})
    await life.doors.bring(word)


async def braked(life: Acted) -> None:
    """Let nothing of its sequence go."""
    ref = f"sequence:{life.sequence.name}"
    stop(life.stage.engine, ref, who="olga", why="a wrong price", at=life.at)


async def released(life: Acted) -> None:
    """Let it go on."""
    release(life.stage.engine, f"sequence:{life.sequence.name}", who="olga", at=life.at)


async def silently_blocked(life: Acted) -> None:
    """Block its address without a word to the enrollment."""
    blocked = Suppression(
        target=address_of(life.contact_id),
        reason=Reason.BLOCKED,
        scope=SCOPE_BY_REASON[Reason.BLOCKED],
        source="test",
        at=life.at,
    )
    with life.stage.engine.begin() as connection:
        suppressions.suppress(connection, blocked)


async def silently_ended(life: Acted) -> None:
    """Put an ending on record of which the enrollment does not hear."""
    with life.stage.engine.begin() as connection:
        put_down(connection, life.row, Ending(name="replied", at=life.at), 10)


async def silently_opened(life: Acted) -> None:
    """Put a ticket on record of which the enrollment does not hear."""
    ticket = NewEvent(
        source="api",
        natural_key=f"{life.workflow_id} ticket",
        kind="event",
        name="ticket_opened",
        contact_id=life.contact_id,
        at=life.at,
        fields={"ticket": "7"},
    )
    with life.stage.engine.begin() as connection:
        assert events.record(connection, ticket) is not None


def strikes(kind: FaultKind) -> Deed:
    """Let SendGrid's next answer be this."""

    async def strike(life: Acted) -> None:
        await life.stage.emulator.arm(Fault(kind=kind))

    return strike


def placed(written: Written) -> list[Event]:
    """Give the events of a script in their order."""
    found = [one.in_enrollment(written.begun) for one in written.events]
    return sorted(found, key=lambda one: (moment_in(one), one.id))

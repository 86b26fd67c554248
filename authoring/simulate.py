"""One contact's way through a sequence on a virtual clock: the same deciding, no server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from authoring.scripts import Scripted
from schemas.calendar import ZoneTable
from schemas.decisions import (
    Decision,
    Finish,
    HandOff,
    Move,
    OpenTaskFor,
    Send,
    Settle,
    Wait,
)
from schemas.events import Event
from schemas.outcomes import Enrolled, HandedOff, Sent, Settled
from schemas.progress import Ending, Entry, Mail, Progress, What
from schemas.sequence import Sequence
from schemas.values import Facts, Moment, Value
from workflows.calendar import local
from workflows.conditions import Known, holds
from workflows.decisions import decide
from workflows.folding import after_event
from workflows.transitions import (
    after_hand_off,
    after_move,
    after_send,
    after_settle,
    after_task,
    begun,
    ended,
)


@dataclass(frozen=True)
class Scenario:
    """Whom to simulate, from when on, in which zone, and what happens on the way."""

    start: datetime
    zone: ZoneTable
    contact: Facts = field(default_factory=dict)
    script: tuple[Scripted, ...] = ()
    key: str | None = None
    values: Facts = field(default_factory=dict)


class SimulatedEntry(Value):
    """A line of the timeline; `local` is the wall time in the enrollment's zone."""

    at: Moment
    local: str
    what: What
    step: str | None
    why: str


class SimulatedSend(Value):
    """A mail that would go."""

    step: str
    at: Moment
    local: str


class Simulation(Value):
    """What would happen: `refused` if nobody is enrolled, `waiting` if it does not end.

    `unused` are the scripted events that came before the enrollment or after its ending.
    """

    sequence: str
    zone: str
    timeline: tuple[SimulatedEntry, ...] = ()
    sends: tuple[SimulatedSend, ...] = ()
    ending: Ending | None = None
    refused: str | None = None
    waiting: str | None = None
    unused: tuple[str, ...] = ()


def simulate(sequence: Sequence, scenario: Scenario) -> Simulation:
    """Run one enrollment to its ending, skipping what it waits for; every mail is accepted.

    A hand-off is taken to succeed, and a task to be done only if the script says so.
    """
    refused = _refusal(sequence, scenario)
    if refused is not None:
        return Simulation(sequence=sequence.name, zone=scenario.zone.name, refused=refused)
    return _Run(sequence, scenario).to_the_end()


class _Run:
    def __init__(self, sequence: Sequence, scenario: Scenario) -> None:
        enrolled = Enrolled(
            row="simulated",
            version="simulated",
            at=scenario.start,
            sequence=sequence,
            zone=scenario.zone,
            contact=scenario.contact,
        )
        self._sequence, self._scenario = sequence, scenario
        self._progress = begun(enrolled, scenario.key, scenario.values)
        self._now = enrolled.at
        placed = [(one.in_enrollment(self._progress), one.text) for one in scenario.script]
        self._unused = [text for event, text in placed if _at(event) < self._now]
        coming = [one for one in placed if _at(one[0]) >= self._now]
        self._coming = sorted(coming, key=lambda one: (_at(one[0]), one[0].id))

    def to_the_end(self) -> Simulation:
        for _ in range(_MOST_DECISIONS):
            self._take_in()
            decision = decide(self._sequence, self._progress, self._now)
            if isinstance(decision, Wait):
                if not self._skip_to(decision.until):
                    return self._told(decision.why)
            else:
                self._progress = _act(self._sequence, self._progress, decision, self._now)
            if self._progress.ending is not None:
                return self._told(None)
        raise RuntimeError(f"{self._sequence.name} makes no headway at {self._now}: a bug")

    def _take_in(self) -> None:
        while self._coming and _at(self._coming[0][0]) <= self._now:
            event, _ = self._coming.pop(0)
            self._progress = after_event(self._sequence, self._progress, event, self._now)

    def _skip_to(self, until: datetime | None) -> bool:
        first = _at(self._coming[0][0]) if self._coming else None
        moments = [moment for moment in (until, first) if moment is not None]
        if moments:
            self._now = max(self._now, min(moments))
        return bool(moments)

    def _told(self, waiting: str | None) -> Simulation:
        progress, zone = self._progress, self._progress.zone
        return Simulation(
            sequence=self._sequence.name,
            zone=zone.name,
            timeline=tuple(_shown(entry, zone) for entry in progress.timeline),
            sends=tuple(_mail(mail, zone) for mail in progress.mails),
            ending=progress.ending,
            waiting=waiting,
            unused=(*self._unused, *(text for _, text in self._coming)),
        )


# These parts were checked where they were made; a simulation has a millisecond for all it does.
def _shown(entry: Entry, zone: ZoneTable) -> SimulatedEntry:
    return SimulatedEntry.model_construct(
        at=entry.at,
        local=_wall(entry.at, zone),
        what=entry.what,
        step=entry.step,
        why=entry.why,
    )


def _mail(mail: Mail, zone: ZoneTable) -> SimulatedSend:
    return SimulatedSend.model_construct(step=mail.step, at=mail.at, local=_wall(mail.at, zone))


def _refusal(sequence: Sequence, scenario: Scenario) -> str | None:
    known = Known(contact=scenario.contact, data=scenario.values, key=scenario.key)
    if not holds(sequence.audience, known):
        return "the contact does not match the audience"
    for rule in sequence.exit_on:
        if rule.when is not None and holds(rule.when, known):
            return f"the condition of {rule.name} is true already"
    return None


def _act(sequence: Sequence, progress: Progress, decision: Decision, now: datetime) -> Progress:
    if isinstance(decision, Wait):
        return progress
    return _AFTER[type(decision)](sequence, progress, decision, now)


def _sent(sequence: Sequence, progress: Progress, send: Send, now: datetime) -> Progress:
    mark = f"{send.step}.{send.occurrence}"
    return after_send(sequence, progress, send, Sent(send=mark, at=now), now)


def _handed_off(
    sequence: Sequence, progress: Progress, hand_off: HandOff, now: datetime
) -> Progress:
    answer = HandedOff(workflow_id=hand_off.to)
    return after_hand_off(sequence, progress, hand_off, answer, now)


def _settled(sequence: Sequence, progress: Progress, settle: Settle, now: datetime) -> Progress:
    return after_settle(sequence, progress, settle, Settled(accepted=True), now)


def _at(event: Event) -> datetime:
    if event.at is None:
        raise ValueError("a scripted event has no moment: a bug")
    return event.at


def _wall(moment: datetime, zone: ZoneTable) -> str:
    return local(moment, zone).isoformat(timespec="minutes")


_MOST_DECISIONS = 100_000
_AFTER: dict[type, Callable[..., Progress]] = {
    Send: _sent,
    Move: lambda _sequence, progress, move, _now: after_move(progress, move),
    OpenTaskFor: after_task,
    HandOff: _handed_off,
    Settle: _settled,
    Finish: lambda _sequence, progress, finish, _now: ended(progress, finish.ending),
}

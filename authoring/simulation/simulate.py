"""One contact's way through a sequence on a virtual clock: the same deciding, no server."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from activities.admitting.first_steps import unknown_step
from authoring.simulation.admitting import Applying, opt_outs, refusal
from authoring.simulation.answering import answers
from authoring.simulation.claiming import Claims
from authoring.simulation.recipients import Recipient
from authoring.simulation.scripts import Scripted
from authoring.simulation.simulations import Simulation, told_of
from schemas.calendar import ZoneTable
from schemas.decisions import (
    Decision,
    Effect,
    Finish,
    HandOff,
    Hold,
    Look,
    Move,
    OpenTaskFor,
    Release,
    Send,
    Settle,
    Wait,
)
from schemas.events import Event
from schemas.outcomes import Enrolled, HandedOff, Looked, Refused, Sent, Settled
from schemas.policies import Caps
from schemas.progress import OpenTask, Progress
from schemas.sequence import Sequence
from schemas.values import Facts
from workflows.after.deferring import left_by
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send, after_settle
from workflows.after.tracks import ended
from workflows.after.transitions import (
    after_effect,
    after_hand_off,
    after_hold,
    after_look,
    after_move,
    after_release,
    after_task,
    begun,
)
from workflows.deciding.decisions import decide
from workflows.deciding.facts import moment
from workflows.deciding.variants import held_out


@dataclass(frozen=True)
class Scenario:
    """Whom to simulate, from when on, in which zone, and what happens on the way.

    A contact without `contact_id` is not spread. `before` happened before the enrollment; the
    sequences in `refuses` refuse a hand-off; a `recipient` does by itself what follows from mails;
    it begins at the main step `step`, if one is named; `caps` are the project's.
    """

    start: datetime
    zone: ZoneTable
    contact: Facts = field(default_factory=dict)
    script: tuple[Scripted, ...] = ()
    key: str | None = None
    values: Facts = field(default_factory=dict)
    contact_id: str = ""
    before: tuple[Event, ...] = ()
    refuses: frozenset[str] = frozenset()
    recipient: Recipient | None = None
    step: str | None = None
    caps: Caps | None = None


def simulate(sequence: Sequence, scenario: Scenario) -> Simulation:
    """Run one enrollment to its ending, skipping what it waits for; every mail is accepted.

    A hand-off is taken to succeed, and a task to be done only if the script says so.
    """
    refused = unknown_step(sequence, scenario.step) or refusal(
        sequence,
        Applying(
            at=scenario.start,
            zone=scenario.zone,
            contact=scenario.contact,
            values=scenario.values,
            key=scenario.key,
            before=scenario.before,
            contact_id=scenario.contact_id,
        ),
    )
    if refused is None:
        return _Run(sequence, scenario).to_the_end()
    return Simulation(
        sequence=sequence.name,
        zone=scenario.zone.name,
        refused=refused.message,
        reason=refused.reason,
    )


class _Run:
    def __init__(self, sequence: Sequence, scenario: Scenario) -> None:
        self._sequence, self._scenario = sequence, scenario
        self._progress = begun(_enrolled(sequence, scenario), scenario.key, scenario.values)
        self._now = self._progress.enrolled_at
        placed = [(one.in_enrollment(self._progress), one.text) for one in scenario.script]
        self._unused = [text for event, text in placed if moment(event) < self._now]
        coming = [one for one in placed if moment(one[0]) >= self._now]
        known = opt_outs(sequence, scenario.before, self._now)
        coming = [*((event, "") for event in known), *coming]
        self._coming = sorted(coming, key=lambda one: (moment(one[0]), one[0].id))
        self._past = list(scenario.before)
        self._recipient = scenario.recipient
        self._claims = Claims(sequence, scenario.contact_id, scenario.caps)

    def to_the_end(self) -> Simulation:
        for _ in range(_MOST_DECISIONS):
            self._take_in()
            decision = decide(self._sequence, self._progress, self._now)
            if isinstance(decision, Wait):
                if not self._skip_to(decision.until):
                    return self._told(decision.why)
            else:
                self._progress = _AFTER[type(decision)](self, decision)
            if self._progress.ending is not None:
                return self._told(None)
        raise RuntimeError(f"{self._sequence.name} makes no headway at {self._now}: a bug")

    def _take_in(self) -> None:
        while self._coming and moment(self._coming[0][0]) <= self._now:
            event, _ = self._coming.pop(0)
            self._past.append(event)
            self._progress = after_event(self._sequence, self._progress, event, self._now)

    def _skip_to(self, until: datetime | None) -> bool:
        first = moment(self._coming[0][0]) if self._coming else None
        moments = [one for one in (until, first) if one is not None]
        if moments:
            self._now = max(self._now, min(moments))
        return bool(moments)

    def moved(self, move: Move) -> Progress:
        left = left_by(self._progress, move)
        if left is not None:
            self._claims.waiting.pop((left.step, left.occurrence), None)
        return after_move(self._progress, move)

    def sent(self, send: Send) -> Progress:
        outcome = self._claims.claim(send, self._progress, self._past, self._now)
        progress = after_send(self._sequence, self._progress, send, outcome, self._now)
        if self._recipient is not None and isinstance(outcome, Sent):
            self._expect(self._recipient.after_mail(progress.mails[-1], progress.zone))
        return progress

    def opened(self, opened: OpenTaskFor) -> Progress:
        if self._recipient is not None:
            task = OpenTask(step=opened.step, occurrence=opened.occurrence, at=self._now)
            self._expect(self._recipient.after_task(task))
        return after_task(self._sequence, self._progress, opened, self._now)

    def _expect(self, events: Iterable[Event]) -> None:
        coming = [*self._coming, *((event, "") for event in events)]
        self._coming = sorted(coming, key=lambda one: (moment(one[0]), one[0].id))

    def handed_off(self, hand_off: HandOff) -> Progress:
        to = hand_off.to
        answer: HandedOff | Refused = HandedOff(workflow_id=to)
        if to in self._scenario.refuses:
            answer = Refused(reason="refused", message=f"{to} refuses: so the scenario says")
        return after_hand_off(self._sequence, self._progress, hand_off, answer, self._now)

    def settled(self, settle: Settle) -> Progress:
        settled = Settled(accepted=True)
        return after_settle(self._sequence, self._progress, settle, settled, self._now)

    def looked(self, look: Look) -> Progress:
        counts = answers(look.questions, self._past, self._now, self._progress.zone)
        return after_look(self._progress, look, Looked(counts=counts))

    def carried_out(self, effect: Effect) -> Progress:
        return after_effect(self._sequence, self._progress, effect, self._now)

    def held(self, hold: Hold) -> Progress:
        return after_hold(self._progress, hold)

    def released(self, release: Release) -> Progress:
        return after_release(self._progress, release)

    def finished(self, finish: Finish) -> Progress:
        return ended(self._progress, finish.ending)

    def _told(self, waiting: str | None) -> Simulation:
        unused = (*self._unused, *(text for _, text in self._coming if text))
        return told_of(self._sequence.name, self._progress, waiting, unused)


def _enrolled(sequence: Sequence, scenario: Scenario) -> Enrolled:
    contact_id = scenario.contact_id
    return Enrolled(
        row="simulated",
        version="simulated",
        at=scenario.start,
        sequence=sequence,
        zone=scenario.zone,
        contact=scenario.contact,
        earlier=scenario.before,
        contact_id=contact_id,
        held_out=held_out(sequence.name, contact_id, sequence.holdout),
        step=scenario.step,
    )


_MOST_DECISIONS = 100_000
_AFTER: dict[type[Decision], Callable[..., Progress]] = {
    Send: _Run.sent,
    Move: _Run.moved,
    OpenTaskFor: _Run.opened,
    HandOff: _Run.handed_off,
    Settle: _Run.settled,
    Look: _Run.looked,
    Effect: _Run.carried_out,
    Hold: _Run.held,
    Release: _Run.released,
    Finish: _Run.finished,
}

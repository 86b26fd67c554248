"""What would end an enrollment, as far as its sequence says and its facts are known."""

from collections.abc import Iterator
from datetime import datetime

from schemas.conditions import Condition
from schemas.explained import WouldEnd
from schemas.policies import ExitRule
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.steps import EmailStep, ExitStep, HandOffStep
from workflows.deciding import endings as names
from workflows.deciding.conditions import Known, holds
from workflows.deciding.facts import known_at
from workflows.deciding.saying import values_of, written
from workflows.telling.words import happens


def ends_of(sequence: Sequence, progress: Progress, now: datetime) -> Iterator[WouldEnd]:
    """Say what would end it, first what its sequence says, then what always does."""
    known = known_at(progress, now)
    for rule in sequence.exit_on:
        yield WouldEnd(ending=rule.name, when=_exits(rule, known))
    yield from _before_mails(sequence, known)
    yield from _dated(sequence)
    if sequence.turns is not None and sequence.turns.on_lost == "exit":
        when = "when a sequence of higher priority takes the contact over"
        yield WouldEnd(ending=names.LOST_SLOT, when=when)
    yield from _steps(sequence)
    yield from _unwelcome(sequence)
    yield WouldEnd(ending=names.STOPPED, when="when an operator ends it (postroad exit)")
    yield WouldEnd(ending=names.COMPLETED, when="when its last step is done")


def asks(condition: Condition, known: Known) -> str:
    """Say of a condition whether it is true now, and what it looks at."""
    values = values_of(condition, known)
    now = "which is so now" if holds(condition, known) else "which is not so now"
    return f"{written(condition)}, {now}{': ' if values else ''}{values}"


def _exits(rule: ExitRule, known: Known) -> str:
    if rule.on is not None:
        return f"when {happens(rule.on)}"
    return f"as soon as {asks(rule.when, known)}" if rule.when is not None else "never"


def _before_mails(sequence: Sequence, known: Known) -> Iterator[WouldEnd]:
    if sequence.audience is not None and sequence.audience_recheck == "each_send":
        values = values_of(sequence.audience, known)
        now = f"now it is{'' if holds(sequence.audience, known) else ' not'}{': ' * bool(values)}"
        when = f"if {written(sequence.audience)} is not so just before a marketing mail goes"
        when = f"{when}; {now}{values}"
        yield WouldEnd(ending=names.LEFT_AUDIENCE, when=when)
    idle = sequence.unengaged
    if idle is not None:
        did = "opened, clicked or replied" if idle.opens else "clicked or replied"
        when = f"if nobody {did} after the last {idle.after} marketing mails"
        yield WouldEnd(ending=names.UNENGAGED, when=when)


def _dated(sequence: Sequence) -> Iterator[WouldEnd]:
    fact, cycle = sequence.suppress_while, sequence.new_cycle
    if fact is not None and fact.then == "exit":
        when = f"as soon as {fact.fact}: the event {' or '.join(fact.opens)} comes"
        yield WouldEnd(ending=names.SUPPRESSED, when=when)
    if cycle is not None:
        date = f"{cycle.anchor.of}.{cycle.anchor.path}"
        when = f"when {date} moves to a date later by more than {cycle.over} days"
        yield WouldEnd(ending=names.RESCHEDULED, when=when)
    missing = [s.id for s in sequence.emails if s.at is not None and s.if_missing == "exit"]
    if missing:
        when = f"if there is no readable date for {' or '.join(missing)} when its turn comes"
        yield WouldEnd(ending=names.MISSING_ANCHOR, when=when)


def _steps(sequence: Sequence) -> Iterator[WouldEnd]:
    for step in sequence.steps:
        if isinstance(step, ExitStep):
            yield WouldEnd(ending=step.ending, when=f"when it comes to the step {step.id}")
        if isinstance(step, HandOffStep):
            when = f"when it comes to the step {step.id} and {step.to} lets the contact in"
            yield WouldEnd(ending=names.HANDED_OFF, when=when)


def _unwelcome(sequence: Sequence) -> Iterator[WouldEnd]:
    spared = any(isinstance(step, EmailStep) and step.transactional for step in sequence.steps)
    then = ": then no marketing goes, and it ends once no transactional mail can come any more"
    later = then if spared else ""
    topic = f" or from {sequence.topic}" if sequence.topic else ""
    yield WouldEnd(ending=names.UNSUBSCRIBED, when=f"when the contact unsubscribes{topic}{later}")
    yield WouldEnd(ending=names.COMPLAINED, when=f"when the contact reports spam{later}")
    yield WouldEnd(ending=names.BOUNCED, when="when the address takes no mail any more")
    yield WouldEnd(ending=names.SUPPRESSED, when="when the address is blocked")
    yield WouldEnd(ending=names.LEFT_COMPANY, when="when the contact has left the company")

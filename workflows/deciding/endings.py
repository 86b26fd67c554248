"""What ends an enrollment, under which name, and which of two endings of one moment counts."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from schemas.events import (
    Blocked,
    Bounce,
    Complaint,
    ContactChanged,
    Control,
    DataChanged,
    Event,
    Turn,
    Unsubscribe,
)
from schemas.progress import Ending, Progress
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from workflows.deciding.conditions import Known, holds, questions
from workflows.deciding.facts import history, known_at, matches, moment
from workflows.deciding.suppressors import suppressing
from workflows.moments.anchors import date_of

BOUNCED, COMPLAINED, UNSUBSCRIBED, LEFT_COMPANY = (
    "bounced",
    "complained",
    "unsubscribed",
    "left_company",
)
COMPLETED, STOPPED, SUPPRESSED, LEFT_AUDIENCE, HANDED_OFF = (
    "completed",
    "stopped",
    "suppressed",
    "left_audience",
    "handed_off",
)
RESCHEDULED, REPLACED, MISSING_ANCHOR, UNENGAGED, HOLDOUT, LOST_SLOT = (
    "rescheduled",
    "replaced",
    "missing_anchor",
    "unengaged",
    "holdout",
    "lost_slot",
)
MERGED = "merged"
"""The contact was found to be another one, who is in the sequence for the same key already."""

_RANK = {
    BOUNCED: 0,
    COMPLAINED: 1,
    UNSUBSCRIBED: 2,
    LEFT_COMPANY: 3,
    HANDED_OFF: 900,
    COMPLETED: 2000,
}
_BLOCKED = {"blocked": SUPPRESSED, "left_company": LEFT_COMPANY}
_FIRST_EXIT, _REST = 10, 1000

Found = tuple[datetime, int, str]
"""An ending as (moment, rank, name): the least one counts."""


def rank_of(sequence: Sequence, name: str) -> int:
    """Give an ending's rank among those of one moment: the lowest counts (language rule 37)."""
    for position, rule in enumerate(sequence.exit_on):
        if rule.name == name:
            return _FIRST_EXIT + position
    return _RANK.get(name, _REST)


def ending_at_once(
    sequence: Sequence, event: Event, key: str | None = None
) -> tuple[str, int] | None:
    """Give the name and rank of the ending if `event` ends an enrollment at once, whatever waits.

    An unsubscribe or complaint does so only where no step is transactional (rule 24); an event
    of before the enrollment never does, which is the caller's to check.
    """
    name = _name(sequence, event, key)
    return None if name is None else (name, rank_of(sequence, name))


def marketing_end(sequence: Sequence, event: Event) -> str | None:
    """Give the name under which `event` ends the marketing part, if it does (rule 24)."""
    if isinstance(event, Complaint):
        return COMPLAINED
    if isinstance(event, Unsubscribe) and event.topic in (None, sequence.topic):
        return UNSUBSCRIBED
    return None


def endings(sequence: Sequence, progress: Progress) -> Iterator[Found]:
    """Give every ending that the events so far bring about."""
    for event in progress.events:
        at = moment(event)
        if at < progress.enrolled_at:
            continue
        ended = ending_at_once(sequence, event, progress.key)
        if ended is not None:
            yield at, ended[1], ended[0]
        if isinstance(event, ContactChanged | DataChanged):
            yield from condition_endings(sequence, progress, at)
    yield from _cycles(sequence, progress)
    yield from _facts(sequence, progress)


def condition_endings(sequence: Sequence, progress: Progress, at: datetime) -> Iterator[Found]:
    """Give the endings whose condition in `exit_on` is true at `at` (rule 25).

    Those that ask the database are looked at where that is at hand: in the claim of each mail.
    """
    asked = [rule for rule in sequence.exit_on if rule.when and not questions(rule.when)]
    known = known_at(progress, at) if asked else Known()
    for rule in asked:
        if holds(rule.when, known):
            yield at, rank_of(sequence, rule.name), rule.name


def marketing_ending(sequence: Sequence, progress: Progress) -> Ending | None:
    """Give what ended the marketing part of the enrollment, if anything has (rule 24)."""
    if progress.held_out:
        return Ending(name=HOLDOUT, at=progress.enrolled_at)
    return ending_of(
        (max(moment(event), progress.enrolled_at), rank_of(sequence, name), name)
        for event in progress.events
        if (name := marketing_end(sequence, event))
    )


def ending_of(found: Iterable[Found]) -> Ending | None:
    """Give the ending that counts: the first in time, in one moment the first by rank."""
    first = min(found, default=None)
    return None if first is None else Ending(name=first[2], at=first[0])


def _cycles(sequence: Sequence, progress: Progress) -> Iterator[Found]:
    cycle, zone = sequence.new_cycle, progress.zone
    if cycle is None:
        return
    dated = [(at, date_of(value, zone)) for at, value in history(progress, cycle.anchor)]
    known = [(at, day) for at, day in dated if day is not None]
    for at, day in known[1:]:
        if (day - known[0][1]).days > cycle.over:
            yield at, rank_of(sequence, RESCHEDULED), RESCHEDULED


def _facts(sequence: Sequence, progress: Progress) -> Iterator[Found]:
    suppressor, begun = sequence.suppress_while, progress.enrolled_at
    if suppressor is None or suppressor.then != "exit":
        return
    events = (*progress.earlier, *progress.events)
    for true in suppressing(suppressor, events, progress.key):
        if true.until is None or true.until > begun:
            yield max(true.since, begun), rank_of(sequence, SUPPRESSED), SUPPRESSED


def _name(sequence: Sequence, event: Event, key: str | None) -> str | None:
    if isinstance(event, Bounce):
        return BOUNCED if event.hard else None
    if isinstance(event, Blocked):
        return _BLOCKED[event.reason]
    if isinstance(event, Control | Turn):
        return _from_us(sequence, event)
    return _marketing_only(sequence, event) or _exit_rule(sequence, event, key)


def _from_us(sequence: Sequence, event: Control | Turn) -> str | None:
    if isinstance(event, Control):
        return (event.ending or STOPPED) if event.action == "exit" else None
    exits = sequence.turns is not None and sequence.turns.on_lost == "exit"
    return LOST_SLOT if exits and not event.held else None


def _marketing_only(sequence: Sequence, event: Event) -> str | None:
    if any(isinstance(step, EmailStep) and step.transactional for step in sequence.steps):
        return None
    return marketing_end(sequence, event)


def _exit_rule(sequence: Sequence, event: Event, key: str | None) -> str | None:
    rules = (rule for rule in sequence.exit_on if rule.on and matches(rule.on, event, key))
    rule = next(rules, None)
    return None if rule is None else rule.name

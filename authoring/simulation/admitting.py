"""Who would be refused by a sequence, without asking a database."""

from dataclasses import dataclass
from datetime import datetime

from activities.admitting.keys import is_key
from authoring.simulation.answering import answers
from schemas.calendar import ZoneTable
from schemas.conditions import Count
from schemas.events import Blocked, Bounce, Complaint, Event, Unsubscribe
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.values import Facts
from workflows.deciding.conditions import Known, holds, questions
from workflows.deciding.endings import HOLDOUT
from workflows.deciding.variants import held_out


@dataclass(frozen=True)
class Applying:
    """Who is to be enrolled at the moment `at`, and what happened `before`."""

    at: datetime
    zone: ZoneTable
    contact: Facts
    values: Facts
    key: str | None
    before: tuple[Event, ...]
    contact_id: str = ""


def refusal(sequence: Sequence, who: Applying) -> Refused | None:
    """Give why the contact would not be enrolled, if there is a reason."""
    return (
        _misnamed(sequence, who)
        or _suppressed(sequence, who)
        or _outside(sequence, who)
        or _held_out(sequence, who)
    )


def opt_outs(sequence: Sequence, before: tuple[Event, ...], at: datetime) -> tuple[Event, ...]:
    """Tell an enrollment that begins at `at` that no marketing is wanted since before (rule 24)."""
    soft = [event for event in before if _is_soft(sequence, event)]
    return tuple(event.model_copy(update={"at": at}) for event in soft)


def asked(sequence: Sequence) -> tuple[Count, ...]:
    """Give what the audience and the conditions of `exit_on` ask of the database."""
    tests = (sequence.audience, *(rule.when for rule in sequence.exit_on))
    return tuple(one for test in tests for one in questions(test))


def _misnamed(sequence: Sequence, who: Applying) -> Refused | None:
    if sequence.key is None or (who.key is not None and is_key(who.key)):
        return None
    named = f"{sequence.key.of}.{sequence.key.path}"
    message = f"{sequence.name} is per {named}, which is missing or no key"
    return Refused(reason="wrong_key", message=message)


def _suppressed(sequence: Sequence, who: Applying) -> Refused | None:
    hard = any(_is_hard(event) for event in who.before)
    soft = any(_is_soft(sequence, event) for event in who.before)
    if not hard and (_has_transactional(sequence) or not soft):
        return None
    return Refused(reason="suppressed", message="the contact is suppressed")


def _held_out(sequence: Sequence, who: Applying) -> Refused | None:
    if not held_out(sequence.name, who.contact_id, sequence.holdout):
        return None
    if _has_transactional(sequence):
        return None
    return Refused(reason=HOLDOUT, message="the contact is held out")


def _has_transactional(sequence: Sequence) -> bool:
    return any(step.transactional for step in sequence.emails)


def _is_hard(event: Event) -> bool:
    return isinstance(event, Blocked) or (isinstance(event, Bounce) and event.hard)


def _is_soft(sequence: Sequence, event: Event) -> bool:
    if isinstance(event, Unsubscribe):
        return event.topic in (None, sequence.topic)
    return isinstance(event, Complaint)


def _outside(sequence: Sequence, who: Applying) -> Refused | None:
    rules = [rule for rule in sequence.exit_on if rule.when is not None]
    known = Known(
        contact=who.contact,
        data=who.values,
        key=who.key,
        counts=answers(asked(sequence), who.before, who.at, who.zone),
    )
    if not holds(sequence.audience, known):
        return Refused(reason="audience", message="the contact does not match the audience")
    for rule in rules:
        if holds(rule.when, known):
            message = f"the condition of {rule.name} is true already"
            return Refused(reason=rule.name, message=message)
    return None

"""Endings that take the place of a mail: its enrollment is over just before it would go."""

from datetime import datetime

from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from workflows.deciding.conditions import Known, holds
from workflows.deciding.endings import LEFT_AUDIENCE
from workflows.deciding.saying import truth

NO_MATCH = "the contact no longer matches the audience"


def early_ending(sequence: Sequence, step: EmailStep, known: Known, now: datetime) -> Ending | None:
    """Give the ending that takes the place of a mail: an exit condition, or a left audience.

    A transactional mail does not ask for the audience (language rules 25 and 26).
    """
    for rule in sequence.exit_on:
        if rule.when is not None and holds(rule.when, known):
            told = f"{has_come(rule.name)}: {truth(rule.when, known)}"
            return in_place_of(step, rule.name, now, told)
    rechecked = sequence.audience_recheck == "each_send" and not step.transactional
    if not rechecked or sequence.audience is None or holds(sequence.audience, known):
        return None
    return in_place_of(step, LEFT_AUDIENCE, now, f"{NO_MATCH}: {truth(sequence.audience, known)}")


def in_place_of(step: EmailStep, name: str, at: datetime, told: str) -> Ending:
    """Give an ending that takes the place of a step's mail; `told` says why."""
    return Ending(name=name, at=at, why=f"before {step.id} would have gone, {told}")


def has_come(name: str) -> str:
    """Say that a condition of `exit_on` is true."""
    return f"the condition of {name} has become true"

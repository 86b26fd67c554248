"""Which words a script may use in a sequence: its steps, the events and facts that it looks at."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.sequence import Sequence
from schemas.steps import EmailStep, TaskStep


@dataclass(frozen=True)
class Heard:
    """A sequence, and what in it a script may be about."""

    sequence: Sequence
    mails: tuple[str, ...]
    tasks: tuple[str, ...]
    events: frozenset[str]
    of_colleagues: frozenset[str]
    contact: frozenset[str]
    given: frozenset[str]


def heard_in(sequence: Sequence, reported: frozenset[str] = frozenset()) -> Heard:
    """Look a sequence through; `reported` are further events of which the app tells."""
    found = list(_mappings(sequence.model_dump()))
    named = {str(one["name"]) for one in found if one.get("kind") == "event" and one.get("name")}
    counted = {str(one["event"]) for one in found if one.get("op") == "count"}
    by_account = [one for one in found if one.get("by") == "account"]
    return Heard(
        sequence=sequence,
        mails=tuple(step.id for step in sequence.steps if isinstance(step, EmailStep)),
        tasks=tuple(step.id for step in sequence.steps if isinstance(step, TaskStep)),
        events=frozenset({*named, *(counted - _OF_MAILS), *_beside(sequence), *reported}),
        of_colleagues=frozenset(str(one["name"] or one["kind"]) for one in by_account),
        contact=frozenset({*sequence.contact_facts, *_facts(found, "contact"), "timezone"}),
        given=frozenset(_facts(found, "data")),
    )


def _beside(sequence: Sequence) -> Iterator[str]:
    yield from (one.removeprefix("event:") for one in sequence.listens_to if ":" in one)
    yield from (goal.event for goal in sequence.goals)
    if sequence.suppress_while is not None:
        yield from (*sequence.suppress_while.opens, *sequence.suppress_while.closes)


def _facts(found: list[dict[str, object]], of: str) -> Iterator[str]:
    for one in found:
        if one.get("op") == "fact" and one.get("of") == of:
            yield str(one["path"]).split(".")[0]


def _mappings(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _mappings(part)


_OF_MAILS = {"click", "open", "reply"}

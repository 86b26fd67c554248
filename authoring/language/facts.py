"""What a checked sequence looks at: the contact's facts it names, the events it reacts to."""

from collections.abc import Iterator

from schemas.conditions import (
    Both,
    Comparison,
    Condition,
    Either,
    Fact,
    Happened,
    Opposite,
)
from schemas.matchers import Matcher
from schemas.sequence import Sequence
from schemas.steps import EmailStep, UntilStep, WaitForStep, WhenStep


def with_facts(sequence: Sequence) -> Sequence:
    """Fill in `contact_facts` and `listens_to`, so that nobody signals what changes nothing."""
    return sequence.model_copy(
        update={"contact_facts": _contact_facts(sequence), "listens_to": _listens_to(sequence)}
    )


def _contact_facts(sequence: Sequence) -> tuple[str, ...]:
    asked = (part for test in _conditions(sequence) for part in _parts(test))
    facts = (*asked, *_anchors(sequence))
    named = {f.path.split(".")[0] for f in facts if isinstance(f, Fact) and f.of == "contact"}
    return tuple(sorted(named))


def _listens_to(sequence: Sequence) -> tuple[str, ...]:
    asked = (part for test in _conditions(sequence) for part in _parts(test))
    heard = {_EVENT_BY_QUESTION.get(h.what, "") for h in asked if isinstance(h, Happened)}
    matched = {_event(matcher) for matcher in _matchers(sequence)}
    return tuple(sorted((heard | matched | set(_of_policies(sequence))) - {""}))


def _of_policies(sequence: Sequence) -> Iterator[str]:
    if sequence.suppress_while is not None:
        fact = sequence.suppress_while
        yield from (f"event:{event}" for event in (*fact.opens, *fact.closes))
    if sequence.unengaged is not None:
        yield from ("click", "reply", *(("open",) if sequence.unengaged.opens else ()))


def _event(matcher: Matcher) -> str:
    event = f"event:{matcher.name}" if matcher.kind == "event" else matcher.kind
    return f"account:{event}" if matcher.by == "account" else event


def _anchors(sequence: Sequence) -> Iterator[Fact]:
    dated = (step for step in sequence.steps if isinstance(step, EmailStep | UntilStep))
    yield from (step.at.anchor for step in dated if step.at)
    if sequence.new_cycle is not None:
        yield sequence.new_cycle.anchor


def _matchers(sequence: Sequence) -> Iterator[Matcher]:
    yield from (rule.on for rule in sequence.exit_on if rule.on is not None)
    yield from (reaction.on for reaction in sequence.reactions)
    for step in sequence.steps:
        if isinstance(step, WaitForStep):
            yield from (path.on for path in step.paths)


def _conditions(sequence: Sequence) -> Iterator[Condition]:
    wheres = (matcher.where for matcher in _matchers(sequence))
    whens = (rule.when for rule in sequence.exit_on)
    for one in (sequence.audience, *wheres, *whens):
        if one is not None:
            yield one
    yield from (step.test for step in sequence.steps if isinstance(step, WhenStep))


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    match condition:
        case Comparison():
            inner: tuple[Condition, ...] = (condition.left, condition.right)
        case Both() | Either():
            inner = condition.parts
        case Opposite():
            inner = (condition.part,)
        case _:
            inner = ()
    for part in inner:
        yield from _parts(part)


_EVENT_BY_QUESTION = {"clicked": "click", "opened": "open", "replied": "reply"}

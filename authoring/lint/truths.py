"""What a condition comes to whatever happens, and whether two can be true of one contact."""

from collections.abc import Callable, Collection, Iterator

from pydantic import JsonValue

from schemas.conditions import (
    Both,
    Comparison,
    Condition,
    Constant,
    Either,
    Fact,
    Happened,
    Opposite,
)
from workflows.deciding.conditions import Known, holds

Truth = bool | None


def truth_of(condition: Condition, mails: Collection[str]) -> Truth:
    """Give what a condition always comes to, or None.

    `mails` are the steps whose mails can have gone when it is asked.
    """
    make = _TRUTHS.get(type(condition))
    return None if make is None else make(condition, mails)


def parts_of(condition: Condition | None) -> Iterator[Condition]:
    """Give a condition and all that it is made of."""
    if condition is None:
        return
    yield condition
    for part in _inner(condition):
        yield from parts_of(part)


def exclude(one: Condition | None, other: Condition | None) -> bool:
    """Tell whether two conditions are known never to hold of one contact together."""
    if one is None or other is None:
        return False
    return _never_met(one, other) or _never_met(other, one)


def _never_met(one: Condition, other: Condition) -> bool:
    ours, theirs, refused = _allowed(one), _allowed(other), _refused(other)
    apart = any(not ours[fact] & theirs[fact] for fact in ours.keys() & theirs.keys())
    return apart or any(ours[fact] <= refused[fact] for fact in ours.keys() & refused.keys())


def _refused(condition: Condition) -> dict[str, frozenset[str]]:
    """Give, by fact, the values (as text) that a condition never lets in."""
    if isinstance(condition, Both):
        parts = [_refused(part) for part in condition.parts]
        facts = {fact for part in parts for fact in part}
        nothing: frozenset[str] = frozenset()
        return {fact: nothing.union(*(one.get(fact, nothing) for one in parts)) for fact in facts}
    if isinstance(condition, Opposite) and isinstance(condition.part, Comparison):
        return _compared(condition.part)
    if isinstance(condition, Comparison) and condition.by in _OPPOSITES:
        return _compared(condition.model_copy(update={"by": _OPPOSITES[condition.by]}))
    return {}


def _inner(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case Comparison():
            return (condition.left, condition.right)
        case Both() | Either():
            return condition.parts
        case Opposite():
            return (condition.part,)
    return ()


def _allowed(condition: Condition) -> dict[str, frozenset[str]]:
    """Give, by fact, the values (as text) that a condition leaves it; only what it must have."""
    if isinstance(condition, Both):
        found: dict[str, frozenset[str]] = {}
        for part in condition.parts:
            for fact, values in _allowed(part).items():
                found[fact] = found.get(fact, values) & values
        return found
    return _compared(condition) if isinstance(condition, Comparison) else {}


def _compared(condition: Comparison) -> dict[str, frozenset[str]]:
    fact, value = condition.left, condition.right
    if not isinstance(fact, Fact) or fact.of != "contact" or not isinstance(value, Constant):
        return {}
    listed: JsonValue = value.value
    if condition.by == "eq":
        return {fact.path: frozenset((repr(listed),))}
    if condition.by == "in" and isinstance(listed, list):
        return {fact.path: frozenset(repr(one) for one in listed)}
    return {}


def _constant(condition: Constant, _mails: Collection[str]) -> Truth:
    return bool(condition.value)


def _happened(condition: Happened, mails: Collection[str]) -> Truth:
    return False if condition.step is not None and condition.step not in mails else None


def _comparison(condition: Comparison, _mails: Collection[str]) -> Truth:
    known = all(isinstance(side, Constant) for side in (condition.left, condition.right))
    return holds(condition, Known()) if known else None


def _both(condition: Both, mails: Collection[str]) -> Truth:
    truths = [truth_of(part, mails) for part in condition.parts]
    if any(truth is False for truth in truths) or _contradicts(condition):
        return False
    return True if all(truths) else None


def _contradicts(condition: Both) -> bool:
    return any(not values for values in _allowed(condition).values())


def _either(condition: Either, mails: Collection[str]) -> Truth:
    truths = [truth_of(part, mails) for part in condition.parts]
    if any(truths):
        return True
    return False if all(truth is False for truth in truths) else None


def _opposite(condition: Opposite, mails: Collection[str]) -> Truth:
    truth = truth_of(condition.part, mails)
    return None if truth is None else not truth


_OPPOSITES = {"ne": "eq", "not_in": "in"}
_TRUTHS: dict[type, Callable[..., Truth]] = {
    Constant: _constant,
    Happened: _happened,
    Comparison: _comparison,
    Both: _both,
    Either: _either,
    Opposite: _opposite,
}

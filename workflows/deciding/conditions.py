"""Interpreting a checked condition: a look at named facts, no Jinja2, nothing that can raise."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from schemas.conditions import (
    Both,
    Comparison,
    Condition,
    Constant,
    Count,
    Either,
    Fact,
    Happened,
    Opposite,
)


@dataclass(frozen=True)
class Known:
    """The facts a condition may name.

    `steps` holds, for sent, opened, clicked, the step ids; `counts` what PostgreSQL answered, by
    the marks of the questions.
    """

    contact: Mapping[str, JsonValue] = field(default_factory=dict)
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    event: Mapping[str, JsonValue] = field(default_factory=dict)
    key: str | None = None
    steps: Mapping[str, frozenset[str]] = field(default_factory=dict)
    replied: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)


def holds(condition: Condition | None, known: Known) -> bool:
    """Tell whether the condition is true; no condition is, and a missing value never makes one."""
    return condition is None or bool(value_of(condition, known))


def questions(condition: Condition | None) -> tuple[Count, ...]:
    """Give what a condition asks of the database."""
    if isinstance(condition, Count):
        return (condition,)
    return tuple(one for part in parts_of(condition) for one in questions(part))


def parts_of(condition: Condition | None) -> tuple[Condition, ...]:
    """Give the conditions that a condition is made of; a fact, a question and a value have none."""
    match condition:
        case Comparison():
            return condition.left, condition.right
        case Both() | Either():
            return condition.parts
        case Opposite():
            return (condition.part,)
    return ()


def value_of(condition: Condition, known: Known) -> JsonValue:
    """Give the value of a condition's part; None for what is missing."""
    return _READ[type(condition)](condition, known)


def _constant(condition: Constant, _known: Known) -> JsonValue:
    return condition.value


def _fact(condition: Fact, known: Known) -> JsonValue:
    if condition.of == "key":
        return known.key
    found: object = {"contact": known.contact, "data": known.data, "event": known.event}[
        condition.of
    ]
    for part in condition.path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found  # type: ignore[return-value]  # mypy cannot see JSON inside JSON


def _happened(condition: Happened, known: Known) -> JsonValue:
    if condition.what == "replied":
        return known.replied
    return condition.step in known.steps.get(condition.what, frozenset())


def _count(condition: Count, known: Known) -> JsonValue:
    return known.counts.get(condition.mark)


def _comparison(condition: Comparison, known: Known) -> JsonValue:
    left, right = _side(condition.left, condition, known), _side(condition.right, condition, known)
    if left is None or right is None:
        return False
    try:
        return _COMPARE[condition.by](left, right)
    except TypeError:
        return False


def _side(part: Condition, condition: Comparison, known: Known) -> JsonValue:
    value = value_of(part, known)
    return str(value) if type(value) is int and _asks_for_key(condition) else value


def _asks_for_key(condition: Comparison) -> bool:
    # A key is text; a whole number that equals it reads the same (rule 21a).
    sides = (condition.left, condition.right)
    return condition.by in ("eq", "ne") and any(
        isinstance(one, Fact) and one.of == "key" for one in sides
    )


def _both(condition: Both, known: Known) -> JsonValue:
    return all(value_of(part, known) for part in condition.parts)


def _either(condition: Either, known: Known) -> JsonValue:
    return any(value_of(part, known) for part in condition.parts)


def _opposite(condition: Opposite, known: Known) -> JsonValue:
    return not value_of(condition.part, known)


def _in(left: JsonValue, right: JsonValue) -> bool:
    return operator.contains(right, left)  # type: ignore[arg-type]  # the caller catches TypeError


_COMPARE: dict[str, Callable[..., bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "in": _in,
    "not_in": lambda left, right: not _in(left, right),
}

_READ: dict[type, Callable[..., JsonValue]] = {
    Constant: _constant,
    Fact: _fact,
    Happened: _happened,
    Count: _count,
    Comparison: _comparison,
    Both: _both,
    Either: _either,
    Opposite: _opposite,
}

"""Saying a condition in words: as it is written, and which values make it true or not."""

import json
from collections.abc import Callable

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
from workflows.deciding.conditions import Known, holds, parts_of, value_of

_LONGEST = 80
_JOINED = (Comparison, Opposite)
_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SIGNS |= {"in": "in", "not_in": "not in"}


def written(condition: Condition) -> str:
    """Write a condition as people write it: `contact.role == "vp-ops"`."""
    return _WRITTEN[type(condition)](condition)


def truth(condition: Condition, known: Known) -> str:
    """Say whether a condition is true, and by which values: those of the parts that decide."""
    is_so = "is true" if holds(condition, known) else "is not true"
    values = values_of(condition, known)
    return f"{written(condition)} {is_so}" + (f": {values}" if values else "")


def values_of(condition: Condition, known: Known) -> str:
    """Say the values of the parts that make a condition true or not."""
    leaves = [leaf for part in deciding(condition, known) for leaf in _leaves(part)]
    return ", ".join(dict.fromkeys(f"{written(one)} {_found(one, known)}" for one in leaves))


def deciding(condition: Condition, known: Known) -> tuple[Condition, ...]:
    """Give the parts that make the condition what it is: of an `and` that fails, what fails."""
    match condition:
        case Both() | Either():
            so = holds(condition, known)
            decides = [part for part in condition.parts if holds(part, known) is so]
            return tuple(one for part in decides for one in deciding(part, known))
        case Opposite():
            return deciding(condition.part, known)
    return (condition,)


def _leaves(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, Fact | Happened | Count):
        return (condition,)
    return tuple(one for part in parts_of(condition) for one in _leaves(part))


def _in(condition: Condition, *bracketed: type[Condition]) -> str:
    text = written(condition)
    return f"({text})" if isinstance(condition, (Both, Either, *bracketed)) else text


def _comparison(condition: Comparison) -> str:
    sides = _in(condition.left, *_JOINED), _in(condition.right, *_JOINED)
    return f" {_SIGNS[condition.by]} ".join(sides)


def _several(condition: Both | Either) -> str:
    return f" {condition.op} ".join(_in(part) for part in condition.parts)


def _fact(condition: Fact) -> str:
    return "key" if condition.of == "key" else f"{condition.of}.{condition.path}"


def _happened(condition: Happened) -> str:
    return f"{condition.what}({shown_value(condition.step) if condition.step else ''})"


def _count(condition: Count) -> str:
    last = f', last="{condition.last.words}"' if condition.last else ""
    return f'count("{condition.event}"{last})'


def _found(condition: Condition, known: Known) -> str:
    if isinstance(condition, Count) and condition.mark not in known.counts:
        return "is known to the database alone"
    value = value_of(condition, known)
    if isinstance(condition, Happened):
        return "is true" if value else "is not true"
    return "is not there" if value is None else f"is {shown_value(value)}"


def shown_value(value: JsonValue) -> str:
    """Write a value as a condition has it, at most 80 characters of it."""
    text = _text(value).encode(errors="backslashreplace").decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _text(value: JsonValue) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_text(one) for one in value)}]"
    return "none" if value is None else json.dumps(value, ensure_ascii=False)


_WRITTEN: dict[type, Callable[..., str]] = {
    Constant: lambda condition: shown_value(condition.value),
    Fact: _fact,
    Happened: _happened,
    Count: _count,
    Comparison: _comparison,
    Both: _several,
    Either: _several,
    Opposite: lambda condition: f"not {_in(condition.part)}",
}

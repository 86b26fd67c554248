"""JSON Lines: one object a line, whose keys are the columns."""

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import cast

from pydantic import JsonValue

from inbound.events import storable
from starter.lists.rows import BadRow, Row
from starter.lists.texts import LONGEST_LINE, trimmed

_MOST_COLUMNS = 1_000
_NO_OBJECT = "it is no JSON object, or holds a number that JSON has not"
_TOO_LONG = f"it is longer than {LONGEST_LINE} characters"
_NUL = "it has a NUL character"
_NOT_KEPT = "it has half a surrogate pair, or is nested deeper than 20"
_TOO_MANY = f"with it the file has more than {_MOST_COLUMNS} different keys"

Read = tuple[int, dict[str, JsonValue] | BadRow]


def columns_of(lines: Iterable[str]) -> tuple[str, ...]:
    """Give all keys of a file in the order in which they come."""
    columns: dict[str, None] = {}
    for _, found in _objects(lines):
        if isinstance(found, dict) and len(columns.keys() | found.keys()) <= _MOST_COLUMNS:
            columns |= dict.fromkeys(found)
    return tuple(columns)


def read_objects(lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[Row | BadRow]:
    """Read each object's values in the order of `columns`; a broken line costs itself only."""
    known = set(columns)
    for line, found in _objects(lines):
        if isinstance(found, BadRow):
            yield found
        elif found.keys() - known:
            yield BadRow(line=line, reason=_TOO_MANY)
        else:
            yield Row(line=line, fields=tuple(_plain(found.get(name)) for name in columns))


def _objects(lines: Iterable[str]) -> Iterator[Read]:
    for number, line in enumerate(lines, start=1):
        if not line.isspace():
            yield number, _object(number, line)


def _object(number: int, line: str) -> dict[str, JsonValue] | BadRow:
    if len(line) >= LONGEST_LINE:
        return BadRow(line=number, reason=_TOO_LONG)
    if "\0" in line or "\\u0000" in line:
        return BadRow(line=number, reason=_NUL)
    found = _parsed(line)
    if not isinstance(found, dict):
        return BadRow(line=number, reason=_NO_OBJECT)
    read = cast("dict[str, JsonValue]", found)
    return read if storable(read) == read else BadRow(line=number, reason=_NOT_KEPT)


def _parsed(line: str) -> object:
    try:
        return json.loads(line, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> JsonValue:
    raise ValueError(constant)


def _finite(number: str) -> float:
    read = float(number)
    if not isfinite(read):
        raise ValueError(number)
    return read


def _plain(value: JsonValue) -> JsonValue:
    if value is None:
        return ""
    return trimmed(value) if isinstance(value, str) else value

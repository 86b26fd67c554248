"""A CSV file's rows, each with its line; a broken row is a fault of its own, not of the file."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from pydantic import JsonValue

from schemas.values import Value
from starter.lists.texts import trimmed

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LONGEST = 100
_OPEN_QUOTE = "a quotation mark is opened and never closed"
_BAD_QUOTES = "its quotation marks are not as CSV has them"
_TOO_LONG = f"a field is longer than {csv.field_size_limit()} characters"
# Excel's way to name the separator; nobody else takes it for more than text.
_SEPARATOR_LINE = re.compile(r"sep=(?P<separator>[,;\t|])\s*", re.IGNORECASE)


class Row(Value):
    """The fields of one record, whose first line is `line` (the header is line 1)."""

    line: int
    fields: tuple[JsonValue, ...]


class BadRow(Value):
    """A record that cannot be used, and why, without quoting it; `code` is that in a word."""

    line: int
    reason: str
    code: str = "unreadable"


class BadFile(Value):
    """A file that cannot be read as a table at all, and why."""

    reason: str


def separator_of(first: str) -> str:
    """Give what separates fields: as a line `sep=` says, else what the first line has most of."""
    named = _SEPARATOR_LINE.fullmatch(first)
    return named["separator"] if named else max(SEPARATORS, key=first.count)


def read_rows(lines: Iterable[str]) -> Iterator[Row | BadRow]:
    """Read the lines of a CSV file, their ends included, a few at a time.

    The separator is the comma, semicolon, tab or bar that the first line has most of, or that
    a line `sep=` before it names. A quote that is opened and never closed costs its own
    line only, not the rest of the file.
    """
    ahead = _Ahead(lines)
    while ahead.first.isspace():
        ahead.take(1)
    separator, width = separator_of(ahead.first), 0
    if _SEPARATOR_LINE.fullmatch(ahead.first):
        ahead.take(1)
    while ahead.first:
        row = _record(ahead, separator, width)
        if isinstance(row, Row):
            width = width or len(row.fields)
        if isinstance(row, BadRow) or any(row.fields):
            yield row


class _Ahead:
    """Lines that are looked at before they are taken."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._seen: deque[str] = deque()
        self.line = 1

    @property
    def first(self) -> str:
        """The next line; empty after the last one."""
        return next(self.peek(), "")

    def peek(self) -> Iterator[str]:
        """Give the next lines, as far as a record may reach, and leave them."""
        for at in range(_LONGEST):
            if at == len(self._seen):
                self._seen.extend(islice(self._lines, 1))
            if at == len(self._seen):
                return
            yield self._seen[at]

    def take(self, count: int) -> list[str]:
        """Take so many lines."""
        self.line += count
        return [self._seen.popleft() for _ in range(count)]


def _record(ahead: _Ahead, separator: str, width: int) -> Row | BadRow:
    at, taken = ahead.line, _quoted_to(ahead)
    if taken is None:
        ahead.take(1)
        return BadRow(line=at, reason=_OPEN_QUOTE)
    lines = list(islice(ahead.peek(), taken))
    fields = _fields(lines, separator)
    fault = fields if isinstance(fields, str) else _fault(fields, width, taken)
    if fault is not None or isinstance(fields, str):
        ahead.take(1)
        return BadRow(line=at, reason=fault or _BAD_QUOTES)
    ahead.take(taken)
    return Row(line=at, fields=fields)


def _fields(lines: list[str], separator: str) -> tuple[str, ...] | str:
    try:
        record: list[str] = next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error:
        return _TOO_LONG if sum(map(len, lines)) > csv.field_size_limit() else _BAD_QUOTES
    return tuple(map(trimmed, record))


def _fault(fields: tuple[str, ...], width: int, taken: int) -> str | None:
    if any("\0" in field for field in fields):
        return "it has a NUL character"
    if not any(fields) or width in (0, len(fields)):
        return None
    return _OPEN_QUOTE if taken > 1 else f"it has {len(fields)} fields, the header has {width}"


def _quoted_to(ahead: _Ahead) -> int | None:
    marks = 0
    for taken, line in enumerate(ahead.peek(), start=1):
        marks += line.count('"')
        if marks % 2 == 0:
            return taken
    return None

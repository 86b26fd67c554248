"""A CSV file's rows, each with its line; a broken row is a fault of its own, not of the file."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from schemas.values import Value

_SEPARATORS = ",;\t|"
_LONGEST = 100
_OPEN_QUOTE = "a quotation mark is opened and never closed"
_BAD_QUOTES = "its quotation marks are not as CSV has them"
_TOO_LONG = f"a field is longer than {csv.field_size_limit()} characters"
# Excel's way to name the separator; nobody else takes it for more than text.
_SEPARATOR_LINE = re.compile(r"sep=(?P<separator>[,;\t|])\s*", re.IGNORECASE)
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class Row(Value):
    """The fields of one record, whose first line is `line` (the header is line 1)."""

    line: int
    fields: tuple[str, ...]


class BadRow(Value):
    """A record that cannot be used, and why, without quoting it."""

    line: int
    reason: str


class BadFile(Value):
    """A file that cannot be read as a table at all, and why."""

    reason: str


def read_rows(content: bytes) -> Iterator[Row | BadRow]:
    """Read UTF-8 (with or without BOM), UTF-16 with BOM or else Windows-1252.

    The separator is the comma, semicolon, tab or bar that the first line has most of, or that
    a line `sep=` before it names. A quote that is opened and never closed costs its own
    line only, not the rest of the file.
    """
    lines = io.StringIO(_decoded(content), newline="").readlines()
    separator, at = _beginning(lines)
    width = 0
    while at < len(lines):
        row, taken = _record(lines, at, separator, width)
        at += taken
        if isinstance(row, Row):
            width = width or len(row.fields)
        if isinstance(row, BadRow) or any(row.fields):
            yield row


def _beginning(lines: list[str]) -> tuple[str, int]:
    first = lines[0] if lines else ""
    named = _SEPARATOR_LINE.fullmatch(first)
    return (named["separator"], 1) if named else (max(_SEPARATORS, key=first.count), 0)


def _decoded(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _record(lines: list[str], at: int, separator: str, width: int) -> tuple[Row | BadRow, int]:
    taken = _quoted_to(lines, at)
    if taken is None:
        return BadRow(line=at + 1, reason=_OPEN_QUOTE), 1
    fields = _fields(lines[at : at + taken], separator)
    if isinstance(fields, str):
        return BadRow(line=at + 1, reason=fields), 1
    fault = _fault(fields, width, taken)
    if fault is not None:
        return BadRow(line=at + 1, reason=fault), 1
    return Row(line=at + 1, fields=fields), taken


def _fields(lines: list[str], separator: str) -> tuple[str, ...] | str:
    try:
        record: list[str] = next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error:
        return _TOO_LONG if sum(map(len, lines)) > csv.field_size_limit() else _BAD_QUOTES
    return tuple(field.strip() for field in record)


def _fault(fields: tuple[str, ...], width: int, taken: int) -> str | None:
    if any("\0" in field for field in fields):
        return "it has a NUL character"
    if not any(fields) or width in (0, len(fields)):
        return None
    return _OPEN_QUOTE if taken > 1 else f"it has {len(fields)} fields, the header has {width}"


def _quoted_to(lines: list[str], at: int) -> int | None:
    marks = 0
    for taken, line in enumerate(lines[at : at + _LONGEST], start=1):
        marks += line.count('"')
        if marks % 2 == 0:
            return taken
    return None

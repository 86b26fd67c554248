"""Workbooks: the first sheet's cells, as people see them there."""

import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol, cast
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from starter.lists.rows import BadFile, BadRow, Row
from starter.lists.texts import trimmed

AnyCell = ReadOnlyCell | EmptyCell | Cell


class _Sheet(Protocol):
    """A sheet of a workbook that is read from its file row by row."""

    parent: Workbook

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, min_row: int, max_col: int) -> Iterator[tuple[AnyCell, ...]]: ...


_NO_WORKBOOK = "it is no workbook that can be read: save it as .xlsx or .csv"
_LOCKED = "it is protected by a password, or an old .xls: save it as .xlsx without one, or as .csv"
_MIDNIGHT = time()
_PLACES = re.compile(r"0\.(0{1,30})")
_ZEROS = re.compile(r"0{1,30}")
# What reading a workbook raises that is cut off, changed, or made to mislead.
_BROKEN = (
    OSError,  # a part said to lie before the file begins
    *(ArithmeticError, AttributeError, BadZipFile, EOFError, InvalidFileException, LookupError),
    *(NotImplementedError, ParseError, RuntimeError, TypeError, ValueError, zlib.error),
)
_BREAKS_OFF = "the workbook is broken from here on: save it anew as .xlsx or .csv"
_TOO_LONG = "it lies below the last row that a workbook may have"
_BOMB = "its parts are far larger than the file: save it as .csv"
# Excel's own limit; more columns than these are no list of people.
_LAST_ROW, _MOST_COLUMNS, _BEYOND = 1_048_576, 1_000, 3
# As Apache POI has it: no honest part packs itself better than to a hundredth.
_MOST_PACKED, _SMALL, _MOST_HELD = 100, 10_000_000, 300_000_000
_OLE = b"\xd0\xcf\x11\xe0"


def read_sheet(path: Path) -> Iterator[Row | BadRow] | BadFile:
    """Read the first sheet's rows that are not empty, a few at a time.

    A formula has the value that it had when the workbook was saved.
    """
    book = _opened(path)
    if isinstance(book, BadFile):
        return book
    if not book.worksheets:
        return BadFile(reason=_NO_WORKBOOK)
    sheet = cast("_Sheet", book.worksheets[0])
    # What a workbook says of its own size is often wrong, and costs memory where it is too much.
    sheet.reset_dimensions()
    return _rows(sheet)


def _opened(path: Path) -> Workbook | BadFile:
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            return BadFile(reason=_LOCKED)
    try:
        if _is_bomb(path):
            return BadFile(reason=_BOMB)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, read_only=True, data_only=True)
    except _BROKEN:
        return BadFile(reason=_NO_WORKBOOK)


def _is_bomb(path: Path) -> bool:
    with ZipFile(path) as archive:
        parts = archive.infolist()
    # All but the sheets is held in memory; zipfile reads no part beyond the size that it says.
    held = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/"))
    return held > _MOST_HELD or any(map(_is_packed, parts))


def _is_packed(part: ZipInfo) -> bool:
    return part.file_size > max(_SMALL, part.compress_size * _MOST_PACKED)


def _rows(sheet: _Sheet) -> Iterator[Row | BadRow]:
    line = 0
    with closing(sheet.parent):
        try:
            for row in _read(sheet):
                line = row.line
                yield row
        except _BROKEN:
            yield BadRow(line=line + 1, reason=_BREAKS_OFF)


def _read(sheet: _Sheet) -> Iterator[Row | BadRow]:
    """Read the header, and then no further to the right than it reaches."""
    header = next(_from(sheet, 1, 0), None)
    if header is None:
        return
    yield header
    width = len(header.fields) if isinstance(header, Row) else 0
    yield from _from(sheet, header.line + 1, width)


def _from(sheet: _Sheet, first: int, width: int) -> Iterator[Row | BadRow]:
    widest = min(width or _MOST_COLUMNS, _MOST_COLUMNS) + _BEYOND
    for line, cells in enumerate(sheet.iter_rows(min_row=first, max_col=widest), start=first):
        if line > _LAST_ROW:
            yield BadRow(line=line, reason=_TOO_LONG)
            return
        row = _row(line, cells, width)
        if row is not None:
            yield row


def _row(line: int, cells: tuple[AnyCell, ...], width: int) -> Row | BadRow | None:
    broken = next((cell for cell in cells if cell.data_type == "e"), None)
    if broken is not None:
        return BadRow(line=line, reason=f"a formula in it has come to {broken.value}")
    fields = [_seen(cell) for cell in cells]
    while fields and not fields[-1] and len(fields) > width:
        fields.pop()
    if not any(fields):
        return None
    if width and len(fields) > width:
        return BadRow(line=line, reason=f"it has {len(fields)} cells, the header has {width}")
    return Row(line=line, fields=(*fields, *[""] * (width - len(fields))))


def _seen(cell: AnyCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    return _moment(value) if isinstance(value, date | time | timedelta) else trimmed(str(value))


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        value = value.replace(microsecond=0)
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat()
    return str(value)


def _number(value: float, shown: str) -> str:
    places = _PLACES.search(shown)
    digits = len(places[1]) if places else 0
    if "%" in shown:
        return f"{value * 100:.{digits}f}%"
    if digits:
        return f"{value:.{digits}f}"
    if _ZEROS.fullmatch(shown):
        return f"{round(value):0{len(shown)}d}"
    return str(int(value)) if float(value).is_integer() else f"{value:.15g}"

"""Workbooks: the first sheet's cells, as people see them there."""

import re
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol, cast
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from starter.lists.rows import BadFile, BadRow, Row

AnyCell = ReadOnlyCell | EmptyCell | Cell


class _Sheet(Protocol):
    """A sheet of a workbook that is read from its file row by row."""

    parent: Workbook

    def reset_dimensions(self) -> None: ...

    def iter_rows(self) -> Iterator[tuple[AnyCell, ...]]: ...


_NO_WORKBOOK = "it is no workbook that can be read: save it as .xlsx or .csv"
_LOCKED = "it is protected by a password, or an old .xls: save it as .xlsx without one, or as .csv"
_MIDNIGHT = time()
_PLACES = re.compile(r"0\.(0+)")
_ZEROS = re.compile(r"0+")
_OLE = b"\xd0\xcf\x11\xe0"


def read_sheet(path: Path) -> Iterator[Row | BadRow] | BadFile:
    """Read the first sheet's rows that are not empty, a few at a time.

    A formula has the value that it had when the workbook was saved.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            return BadFile(reason=_LOCKED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, EOFError):
        return BadFile(reason=_NO_WORKBOOK)
    if not book.worksheets:
        return BadFile(reason=_NO_WORKBOOK)
    sheet = cast("_Sheet", book.worksheets[0])
    # What a workbook says of its own size is often wrong, and costs memory where it is too much.
    sheet.reset_dimensions()
    return _rows(sheet)


def _rows(sheet: _Sheet) -> Iterator[Row | BadRow]:
    width = 0
    with closing(sheet.parent):
        for line, cells in enumerate(sheet.iter_rows(), start=1):
            row = _row(line, cells, width)
            if row is not None:
                width = width or (len(row.fields) if isinstance(row, Row) else 0)
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
    return _moment(value) if isinstance(value, date | time | timedelta) else str(value).strip()


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

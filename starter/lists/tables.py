"""A file as a table: its header line, its rows, and how it was read."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import compress
from pathlib import Path

from pydantic import JsonValue

from starter.lists.columns import REPORTED, words
from starter.lists.objects import columns_of, read_objects
from starter.lists.rows import SEPARATORS, BadFile, BadRow, Row, read_rows, separator_of
from starter.lists.sheets import read_sheet
from starter.lists.texts import Encoding, encoding_of, read_lines

_OBJECTS = (".jsonl", ".ndjson")
_SHEETS = (".xlsx", ".xlsm")
_AGAIN = "it is the header line again, as where files were put together: leave it out"

EMPTY = BadFile(reason="it is empty: export it with a header line")
"""A file of which nothing can be said."""


class Table:
    """The rows below a header, read anew each time that they are asked for, in flat memory."""

    def __init__(
        self,
        header: tuple[str, ...],
        read: Callable[[], Iterator[Row | BadRow]],
        *,
        said: str,
        headed: bool = True,
    ) -> None:
        self.header, self._read, self.said, self._headed = header, read, said, headed
        self._own = tuple(words(name) not in REPORTED for name in header)
        self._names = list(compress(header, self._own))

    def rows(self) -> Iterator[Row | BadRow]:
        """Give the rows below the header, the broken ones too."""
        rows = self._read()
        if not self._headed:
            return rows
        next(rows, None)
        return map(self._not_header, rows)

    def _not_header(self, row: Row | BadRow) -> Row | BadRow:
        if isinstance(row, BadRow) or list(compress(row.fields, self._own)) != self._names:
            return row
        return BadRow(line=row.line, reason=_AGAIN, code="header")


def open_table(path: Path, encoding: str | None = None) -> Table | BadFile:
    """Open a file by its ending: CSV unless it says JSON Lines or Excel.

    Raises OSError if it cannot be read, LookupError if there is no such `encoding`.
    """
    ending = path.suffix.lower()
    if ending in _SHEETS:
        return _sheet(path)
    with path.open("rb") as file:
        written = encoding_of(file) if encoding is None else Encoding(name=encoding)
    return _objects(path, written) if ending in _OBJECTS else _csv(path, written)


def _sheet(path: Path) -> Table | BadFile:
    def read() -> Iterator[Row | BadRow]:
        rows = read_sheet(path)
        return iter(()) if isinstance(rows, BadFile) else rows

    found = read_sheet(path)
    if isinstance(found, BadFile):
        return found
    return _headed(found, read, "the first sheet of a workbook")


def _csv(path: Path, encoding: Encoding) -> Table | BadFile:
    def read() -> Iterator[Row | BadRow]:
        return read_rows(_lines(path, encoding))

    with closing(_lines(path, encoding)) as lines:
        first = next((line for line in lines if not line.isspace()), "")
    separated = SEPARATORS[separator_of(first)]
    return _headed(read(), read, f"CSV in {encoding.said}, separated by {separated}")


def _objects(path: Path, encoding: Encoding) -> Table | BadFile:
    columns = columns_of(_lines(path, encoding))
    if not columns:
        return BadFile(reason="none of its lines is a JSON object")
    said = f"JSON Lines in {encoding.said}"
    return Table(
        columns, lambda: read_objects(_lines(path, encoding), columns), said=said, headed=False
    )


def _headed(
    rows: Iterator[Row | BadRow], read: Callable[[], Iterator[Row | BadRow]], said: str
) -> Table | BadFile:
    first = next(rows, None)
    if first is None:
        return EMPTY
    if isinstance(first, BadRow):
        return BadFile(reason=f"its header line cannot be read: {first.reason}")
    return Table(tuple(map(_heading, first.fields)), read, said=said)


def _heading(field: JsonValue) -> str:
    return str(field)


def _lines(path: Path, encoding: Encoding) -> Generator[str]:
    with path.open("rb") as file:
        yield from read_lines(file, encoding)

"""A file checked row by row before anything is done, and a report of what is refused beside it."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from filecmp import cmp
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import TextIO

from pydantic import JsonValue

from starter.lists.checking import doubt_of
from starter.lists.entries import Entry, Reading
from starter.lists.rows import BadRow, Row
from starter.lists.saving import in_batches
from starter.watching import Watch, unwatched

_ADDED = ("refused line", "refused because")


@dataclass
class Checked:
    """What a check has found so far: rows by the reason why they are refused, and doubts."""

    rows: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    report: Path | None = None

    def count(self, one: Entry | BadRow) -> None:
        """Count a row."""
        self.rows += 1
        if isinstance(one, BadRow):
            self.refused[one.code] += 1
            return
        doubt = doubt_of(one.read.contact.email)
        if doubt is not None:
            self.doubts[doubt] += 1
        if one.read.zone_unknown:
            self.doubts["unknown_zone"] += 1
        if one.read.opted_out is not None:
            self.doubts["opted_out"] += 1


class RefusedRows:
    """Keeps refused rows, as they were, with their lines and why, in a CSV file of their own.

    `list.csv` is reported in `list.refused.csv`; a file of other content that is there stays, and
    the new one gets a number.
    """

    def __init__(self, beside: Path, header: tuple[str, ...]) -> None:
        self._beside, self._header = beside, header
        self._file: TextIO | None = None

    def add(self, row: Row | BadRow, bad: BadRow) -> None:
        """Write one; the file is made with the first."""
        fields = row.fields if isinstance(row, Row) else ("",) * len(self._header)
        csv.writer(self._opened()).writerow([*map(_text, fields), bad.line, bad.reason])

    def keep(self) -> Path | None:
        """Give the report its name; None if nothing was refused."""
        if self._file is None:
            return None
        self._file.close()
        written = Path(self._file.name)
        for named in _names(self._beside):
            if not named.exists():
                return written.rename(named)
            if cmp(written, named, shallow=False):
                written.unlink()
                return named
        return None

    def drop(self) -> None:
        """Leave nothing behind of a check that was broken off."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)

    def _opened(self) -> TextIO:
        if self._file is None:
            folder, part = self._beside.parent, f"{self._beside.stem}.refused.{token_hex(4)}.part"
            self._file = (folder / part).open("x", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow([*self._header, *_ADDED])
        return self._file


def check(reading: Reading, beside: Path, watch: Watch = unwatched) -> Iterator[Checked]:
    """Check all rows, giving what was found so far now and again, and keep a report of the refused.

    Raises OSError if the report cannot be written.
    """
    found, report = Checked(), RefusedRows(beside, reading.table.header)
    try:
        for batch in in_batches(reading.entries()):
            for row, one in batch:
                found.count(one)
                if isinstance(one, BadRow):
                    report.add(row, one)
            watch(found.rows, 0)
            yield found
        found.report = report.keep()
    finally:
        if found.report is None:
            report.drop()
    yield found


def _names(beside: Path) -> Iterator[Path]:
    yield beside.with_name(f"{beside.stem}.refused.csv")
    for number in count(2):
        yield beside.with_name(f"{beside.stem}.refused-{number}.csv")


def _text(field: JsonValue) -> str:
    return field if isinstance(field, str) else json.dumps(field, ensure_ascii=False)

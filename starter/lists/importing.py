"""Contacts come in from a file: each row wholly or not at all, and a bad one stops no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from schemas.values import Value
from starter.lists.entries import Entry, Reading, reading_of
from starter.lists.rows import BadFile, BadRow
from starter.lists.saving import Taken, in_batches, in_one, saved_entries
from starter.lists.tables import open_table
from starter.watching import Watch, unwatched

_NO_ZONE = "its time zone is not known: the sequence's fallback will count"


class Imported(Value):
    """What became of a file's rows (the header not counted).

    `contacts` are the ids of all contacts that the file names, in its order, each once;
    `repeated` rows name a contact of an earlier line; `notes` are about rows that were taken.
    """

    rows: int
    created: int
    updated: int
    suppressed: int
    contacts: tuple[str, ...]
    repeated: tuple[BadRow, ...]
    refused: tuple[BadRow, ...]
    notes: tuple[BadRow, ...]


@dataclass
class _Tally:
    rows: int = 0
    created: int = 0
    suppressed: int = 0
    contacts: dict[str, None] = field(default_factory=dict)
    repeated: list[BadRow] = field(default_factory=list)
    refused: list[BadRow] = field(default_factory=list)
    notes: list[BadRow] = field(default_factory=list)


def import_file(
    engine: Engine,
    path: Path,
    *,
    at: datetime,
    mapping: Mapping[str, str] | None = None,
    watch: Watch = unwatched,
) -> Imported | BadFile:
    """Save the contacts of a file, several rows a transaction; whoever opted out is suppressed.

    `at` is when the opt-outs count from; `watch` hears how many rows are done. What changes is told
    to the enrollments that look at it; a file read again changes nothing. Raises OSError if it
    cannot be read.
    """
    reading = open_people(path, mapping or {})
    if isinstance(reading, BadFile):
        return reading
    people = People(engine, reading, at)
    for done in people.save():
        watch(done, 0)
    return people.imported()


def open_people(path: Path, mapping: Mapping[str, str]) -> Reading | BadFile:
    """Open a file of people for no sequence in particular.

    `mapping` (column to field) goes before the columns known by name (starter.lists.exports).
    Raises OSError if it cannot be read.
    """
    table = open_table(path)
    return table if isinstance(table, BadFile) else reading_of(table, mapping)


class People:
    """Those of an opened file, saved batch by batch; `at` is when opt-outs count from."""

    def __init__(self, engine: Engine, reading: Reading, at: datetime) -> None:
        self._engine, self._reading, self._at = engine, reading, at
        self._tally = _Tally()

    def save(self) -> Iterator[int]:
        """Save them, giving how many rows are done after each batch."""
        for batch in in_batches(self._reading.entries()):
            counted = (_counted(self._tally, one) for _, one in batch)
            entries = [entry for entry in counted if entry is not None]
            _save(self._engine, self._tally, entries, self._at)
            yield self._tally.rows

    def imported(self) -> Imported:
        """Tell what became of the rows so far."""
        return _imported(self._tally)


def _counted(tally: _Tally, one: Entry | BadRow) -> Entry | None:
    tally.rows += 1
    if isinstance(one, BadRow):
        (tally.repeated if one.code == "repeated" else tally.refused).append(one)
        return None
    return one


def _save(engine: Engine, tally: _Tally, entries: list[Entry], at: datetime) -> None:
    if not entries:
        return
    saved = in_one(engine, lambda connection: saved_entries(connection, entries, at))
    for entry, one in zip(entries, saved, strict=True):
        if isinstance(one, BadRow):
            tally.refused.append(one)
        else:
            _take(tally, entry, one)


def _take(tally: _Tally, entry: Entry, taken: Taken) -> None:
    tally.contacts[taken.contact.id] = None
    tally.created += taken.created
    tally.suppressed += taken.suppressed
    if entry.read.zone_unknown:
        tally.notes.append(BadRow(line=entry.line, reason=_NO_ZONE, code="unknown_zone"))


def _imported(tally: _Tally) -> Imported:
    return Imported(
        rows=tally.rows,
        created=tally.created,
        updated=len(tally.contacts) - tally.created,
        suppressed=tally.suppressed,
        contacts=tuple(tally.contacts),
        repeated=tuple(tally.repeated),
        refused=tuple(tally.refused),
        notes=tuple(tally.notes),
    )

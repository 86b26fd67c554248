"""Records come in from a file: each wholly or not at all, and one read again changes nothing."""

from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import Field
from sqlalchemy import Connection, Engine

from activities.triggering.by_record import put_record
from schemas.contact import Contact
from schemas.values import Facts, Value
from starter.lists.checks import RefusedRows
from starter.lists.rows import BadFile, BadRow, Row
from starter.lists.saving import in_batches, in_one
from starter.lists.seen import Seen
from starter.lists.tables import open_table
from starter.lists.wants import Wants, wants_of
from starter.recording.reading import Records, Told, records_of
from storage import versions
from storage.entering import triggers
from storage.people import contacts, records
from storage.people.contact_batches import named
from storage.people.records import Record

BATCH = 100
"""How many records are saved in one transaction."""


class Kept(Value):
    """What became of a file's rows, or would become; the refused by the reason, and their report.

    `new` and `changed` records are kept; `unchanged` were known as they stand.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: dict[str, int] = Field(default_factory=dict)
    report: str | None = None


@dataclass
class _Tally:
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def kept(self, report: Path | None = None) -> Kept:
        named = None if report is None else str(report)
        refused = dict(self.refused)
        return Kept(rows=self.rows, **self.counts, refused=refused, report=named)


def open_records(
    engine: Engine, path: Path, mapping: Mapping[str, str], encoding: str | None = None
) -> Records | BadFile:
    """Open a file of records: what standing triggers look at is read as they read it.

    Raises OSError if it cannot be read, LookupError if there is no such encoding.
    """
    table = open_table(path, encoding)
    if isinstance(table, BadFile):
        return table
    with engine.connect() as connection:
        wants = _wanted(connection)
    return records_of(table, mapping, wants)


def import_records(
    engine: Engine, reading: Records, beside: Path, at: datetime, *, dry_run: bool = False
) -> Generator[Kept]:
    """Keep a file's records batch by batch, giving what became of it so far after each.

    Each takes the place of what it was; its dates may enroll its contact from `at` on (language
    rule 31). Refused rows are reported beside the file. Raises OSError if that cannot be written.
    """
    tally, report = _Tally(), RefusedRows(beside, reading.table.header)
    written = None
    try:
        with closing(Seen()) as seen:
            for batch in in_batches(reading.told(), BATCH):
                for row, bad in _done(engine, batch, seen, tally, None if dry_run else at):
                    tally.refused[bad.code] += 1
                    report.add(row, bad)
                yield tally.kept()
        written = report.keep()
    finally:
        if written is None:
            report.drop()
    yield tally.kept(written)


def _done(
    engine: Engine,
    batch: list[tuple[Row | BadRow, Told | BadRow]],
    seen: Seen,
    tally: _Tally,
    at: datetime | None,
) -> list[tuple[Row | BadRow, BadRow]]:
    """Keep a batch's records, if there is a moment `at` which they are kept; give its bad rows."""
    names = {one.contact for _, one in batch if isinstance(one, Told)}
    with engine.connect() as connection:
        whose = named(connection, names)
    read = [(row, _read(one, whose, seen)) for row, one in batch]
    good = [one for _, one in read if isinstance(one, Record)]
    tally.counts += in_one(engine, lambda connection: _put(connection, good, at))
    tally.rows += len(batch)
    return [(row, one) for row, one in read if isinstance(one, BadRow)]


def _read(told: Told | BadRow, whose: dict[str, Contact], seen: Seen) -> Record | BadRow:
    if isinstance(told, BadRow):
        return told
    contact = whose.get(told.contact)
    if contact is None:
        return BadRow(line=told.line, reason=_UNKNOWN, code="unknown_contact")
    earlier = seen.earlier([f"{contact.id} {told.id}"], told.line)
    if earlier is not None:
        return BadRow(line=told.line, reason=_REPEATED.format(earlier), code="repeated")
    return Record(contact_id=contact.id, id=told.id, data=told.data)


def _put(connection: Connection, good: list[Record], at: datetime | None) -> Counter[str]:
    ids = sorted({one.contact_id for one in good})
    if at is not None:
        contacts.lock_all(connection, ids)
    known = _known(connection, ids)
    counts: Counter[str] = Counter()
    for one in good:
        before = known.get((one.contact_id, one.id))
        counts[_change(before, one)] += 1
        if at is not None and before != one.data:
            put_record(connection, one, at)
    return counts


def _change(before: Facts | None, record: Record) -> str:
    if before is None:
        return "new"
    return "unchanged" if before == record.data else "changed"


def _known(connection: Connection, ids: list[str]) -> dict[tuple[str, str], Facts]:
    found = records.of_contacts(connection, ids)
    return {(one.contact_id, one.id): one.data for many in found.values() for one in many}


def _wanted(connection: Connection) -> Wants:
    near = {one.sequence for one in triggers.of_contacts(connection) if one.kind == "near"}
    found = (versions.latest(connection, name) for name in sorted(near))
    wants = [wants_of(version) for version in found if version is not None]
    return Wants(
        names=tuple(dict.fromkeys(name for one in wants for name in one.names)),
        dates=tuple(dict.fromkeys(name for one in wants for name in one.dates)),
        typed=tuple(dict.fromkeys(name for one in wants for name in one.typed)),
    )


_UNKNOWN = "its contact is not known: import it first"
_REPEATED = "it repeats the record of line {}, which was taken"

"""Contacts come in from a file: each row wholly or not at all, and a bad one stops no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine

from schemas.contact import Contact
from schemas.events import Unsubscribe
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.values import Value
from starter.changes import saved_contact
from starter.columns import Read, field_names, missing_column, read_contact
from starter.intake import Occurrence, everywhere, take
from starter.rows import BadFile, BadRow, Row, read_rows
from starter.watching import Watch, unwatched
from storage import suppressions
from storage.addresses import exact_key
from storage.contacts import AddressTaken
from storage.events import NewEvent

_TWO_PEOPLE = "its address is that of another contact than its record id: mend it in the CRM"
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
    line_by_identity: dict[str, int] = field(default_factory=dict)
    contacts: dict[str, None] = field(default_factory=dict)
    repeated: list[BadRow] = field(default_factory=list)
    refused: list[BadRow] = field(default_factory=list)
    notes: list[BadRow] = field(default_factory=list)


def import_csv(
    engine: Engine,
    path: Path,
    *,
    at: datetime,
    mapping: Mapping[str, str] | None = None,
    watch: Watch = unwatched,
) -> Imported | BadFile:
    """Save the contacts of a CSV file, one transaction a row; whoever opted out is suppressed.

    `mapping` (column to field) goes before the columns known by name (starter.columns);
    `at` is when the opt-outs count from; `watch` hears of each row.
    What changes is told to the enrollments that look at it; a file read again changes nothing.
    Raises OSError if it cannot be read.
    """
    header, *rows = list(read_rows(path.read_bytes())) or [BadRow(line=1, reason="")]
    columns, wanted = header.fields if isinstance(header, Row) else (), mapping or {}
    names = field_names(columns, wanted)
    if fault := _mapping_fault(columns, wanted) or _header_fault(names):
        return BadFile(reason=fault)
    tally = _Tally()
    for done, row in enumerate(rows, start=1):
        _take(engine, tally, names, row, at)
        watch(done, len(rows))
    return _imported(tally)


def _mapping_fault(columns: tuple[str, ...], mapping: Mapping[str, str]) -> str | None:
    missing = missing_column(columns, mapping) if columns else None
    return None if missing is None else f"it has no column {missing}: name one of its header line"


def _header_fault(names: tuple[str, ...]) -> str | None:
    if "email" not in names:
        return "its first line names no column Email: export it with a header line"
    named = [name for name in names if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    return None if twice is None else f"two of its columns are called {twice}: keep one of them"


def _take(
    engine: Engine, tally: _Tally, names: tuple[str, ...], row: Row | BadRow, at: datetime
) -> None:
    tally.rows += 1
    if isinstance(row, BadRow):
        tally.refused.append(row)
        return
    read = read_contact(names, row.fields)
    if isinstance(read, str):
        tally.refused.append(BadRow(line=row.line, reason=read))
    elif earlier := _earlier_line(tally, read, row.line):
        repeated = f"it repeats the contact of line {earlier}, which was taken"
        tally.repeated.append(BadRow(line=row.line, reason=repeated))
    else:
        _save(engine, tally, read, row.line, at)


def _earlier_line(tally: _Tally, read: Read, line: int) -> int | None:
    known = tally.line_by_identity
    identities = list(_identities(read))
    earlier = next((known[identity] for identity in identities if identity in known), None)
    for identity in identities:
        known.setdefault(identity, line if earlier is None else earlier)
    return earlier


def _identities(read: Read) -> Iterator[str]:
    yield f"address {exact_key(read.contact.email)}"
    if read.contact.external_key is not None:
        yield f"key {read.contact.external_key}"


def _save(engine: Engine, tally: _Tally, read: Read, line: int, at: datetime) -> None:
    with engine.begin() as connection:
        saved = saved_contact(connection, read.contact, at)
        if isinstance(saved, AddressTaken):
            tally.refused.append(BadRow(line=line, reason=_TWO_PEOPLE))
            return
        newly = read.opted_out and _opt_out(connection, saved.contact, at)
    tally.contacts[saved.contact.id] = None
    tally.created += saved.created
    tally.suppressed += newly
    if read.zone_unknown:
        tally.notes.append(BadRow(line=line, reason=_NO_ZONE))


def _opt_out(connection: Connection, contact: Contact, at: datetime) -> bool:
    opted_out = Suppression(
        target=contact.email,
        reason=Reason.UNSUBSCRIBED,
        scope=SCOPE_BY_REASON[Reason.UNSUBSCRIBED],
        source="import",
        at=at,
    )
    if not suppressions.suppress(connection, opted_out):
        return False
    key = sha256(f"import|{contact.id}|{at.isoformat()}".encode()).hexdigest()
    record = NewEvent(
        source="cli", natural_key=key, kind="unsubscribe", contact_id=contact.id, at=at
    )
    event = Unsubscribe(id=record.mark, at=at)
    return take(connection, Occurrence(record=record, tell=everywhere(event))).new


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

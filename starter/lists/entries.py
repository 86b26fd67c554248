"""A table's rows as entries: each read and checked wholly, or refused with its line and why."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from schemas.contact import Contact
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.values import Value
from starter.enrolling.keys import key_for
from starter.lists.columns import Read, Unread, field_names, missing_column, read_contact
from starter.lists.rows import BadFile, BadRow, Row
from starter.lists.seen import Seen
from starter.lists.tables import Table
from starter.lists.wants import Wants, as_wanted, sequence_key_is_data
from storage.people.addresses import exact_key

_REPEATED = "it repeats the contact of line {}, which was taken"


class Entry(Value):
    """A row that can be used: whom it names, and what of an enrollment."""

    line: int
    read: Read


@dataclass(frozen=True)
class Reading:
    """How a table's rows are read: what each column is, and for which sequence, if for any."""

    table: Table
    names: tuple[str, ...]
    sequence: Sequence | None = None
    wants: Wants = field(default_factory=Wants)

    def entries(self) -> Iterator[tuple[Row | BadRow, Entry | BadRow]]:
        """Read each row, beside what it was read from; one who stood there before is refused."""
        with closing(Seen()) as seen:
            for row in self.table.rows():
                yield row, row if isinstance(row, BadRow) else self._entry(row, seen)

    def _entry(self, row: Row, seen: Seen) -> Entry | BadRow:
        read = read_contact(self.names, row.fields)
        if isinstance(read, Read):
            read = self._for_sequence(read)
        if isinstance(read, Unread):
            return BadRow(line=row.line, reason=read.reason, code=read.code)
        earlier = seen.earlier(_identities(read, self.sequence), row.line)
        if earlier is not None:
            return BadRow(line=row.line, reason=_REPEATED.format(earlier), code="repeated")
        return Entry(line=row.line, read=read)

    def _for_sequence(self, read: Read) -> Read | Unread:
        if self.sequence is None:
            return read
        data = as_wanted(read.data, self.wants)
        if isinstance(data, Unread):
            return data
        read = read.model_copy(update={"data": data})
        if not sequence_key_is_data(self.sequence) and read.key is None:
            return read
        return self._with_key(read, self.sequence)

    def _with_key(self, read: Read, sequence: Sequence) -> Read | Unread:
        somebody = Contact(id="row", **read.contact.model_dump())
        key = key_for(sequence, read.key, somebody, read.data)
        if isinstance(key, Refused):
            return Unread(code=key.reason, reason=key.message)
        return read.model_copy(update={"key": key})


def reading_of(
    table: Table,
    mapping: Mapping[str, str],
    sequence: Sequence | None = None,
    wants: Wants | None = None,
) -> Reading | BadFile:
    """Settle what each column is, or say why the file cannot be read as people."""
    wanted = wants or Wants()
    names = field_names(table.header, mapping, wanted.names)
    missing = missing_column(table.header, mapping)
    if missing is not None:
        return BadFile(reason=f"it has no column {missing}: name one of its header line")
    if fault := _header_fault(names):
        return BadFile(reason=fault)
    return Reading(table, names, sequence, wanted)


def _header_fault(names: tuple[str, ...]) -> str | None:
    if "email" not in names:
        return "its first line names no column Email: export it with a header line"
    named = [name for name in names if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    return None if twice is None else f"two of its columns are called {twice}: keep one of them"


def _identities(read: Read, sequence: Sequence | None) -> Iterator[str]:
    per = "" if sequence is None or sequence.key is None else f"{read.key} "
    yield f"{per}address {exact_key(read.contact.email)}"
    if read.contact.external_key is not None:
        yield f"{per}key {read.contact.external_key}"

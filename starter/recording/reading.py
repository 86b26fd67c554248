"""A table's rows as records: whose each is, its own id, and what it says."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from schemas.values import Facts, Value
from starter.lists.columns import DATA, REPORTED, Unread, missing_column, words
from starter.lists.rows import BadFile, BadRow, Row
from starter.lists.tables import Table
from starter.lists.wants import Wants, as_wanted

CONTACT, ID, WHOLE = "contact", "id", "data"

_WHOSE = (
    *("contact", "contact_id", "contact_key", "external_key"),
    *("email", "e_mail", "email_address", "contact_email", "mail"),
)
_IDS = ("id", "record_id", "record")
_LONGEST = 255
_LARGEST = 64 * 1024


class Told(Value):
    """What one row says: `contact` is an id, external key or address; `data` is the record."""

    line: int
    contact: str
    id: str
    data: Facts


@dataclass(frozen=True)
class Records:
    """How a table's rows are read as records: what each column is, what sequences look at."""

    table: Table
    names: tuple[str, ...]
    wants: Wants = field(default_factory=Wants)

    def told(self) -> Iterator[tuple[Row | BadRow, Told | BadRow]]:
        """Read each row, beside what it was read from."""
        for row in self.table.rows():
            yield row, row if isinstance(row, BadRow) else self._told(row)

    def _told(self, row: Row) -> Told | BadRow:
        given = {n: one for n, one in zip(self.names, row.fields, strict=True) if n and one != ""}
        contact, name = _name(given.get(CONTACT)), _name(given.get(ID))
        data = _fault(contact, name, given) or as_wanted(_data(given), self.wants)
        if isinstance(data, Unread):
            return BadRow(line=row.line, reason=data.reason, code=data.code)
        return Told(line=row.line, contact=contact, id=name, data=data)


def records_of(table: Table, mapping: Mapping[str, str], wants: Wants) -> Records | BadFile:
    """Settle what each column is, or say why the file cannot be read as records."""
    missing = missing_column(table.header, mapping)
    if missing is not None:
        return BadFile(reason=f"it has no column {missing}: name one of its header line")
    names = column_names(table.header, mapping, wants)
    if fault := _header_fault(names):
        return BadFile(reason=fault)
    return Records(table, names, wants)


def column_names(
    header: tuple[str, ...], mapping: Mapping[str, str], wants: Wants
) -> tuple[str, ...]:
    """Name what each column is: `contact`, `id`, all of the data, `data.NAME`, or nothing.

    `mapping` (column to field) goes first. One column alone names the contact and one the record:
    the first known by name; any other is part of the data, under the name that sequences have for
    it, else under its own in lower case.
    """
    own = {words(column): _field(said) for column, said in mapping.items()}
    plain = [words(column) for column in header]
    taken = {name: _chosen(name, among, plain, own) for name, among in _SPECIAL.items()}
    wanted = {words(name): name for name in wants.names}
    return tuple(
        own.get(one)
        or next((name for name, column in taken.items() if column == one), None)
        or _as_data(column, one, wanted)
        for column, one in zip(header, plain, strict=True)
    )


def _chosen(
    name: str, among: tuple[str, ...], plain: list[str], own: Mapping[str, str]
) -> str | None:
    if name in own.values():
        return None
    return next((one for one in among if one in plain and one not in own), None)


def _field(said: str) -> str:
    return said if said in (CONTACT, ID) else f"{DATA}{said.removeprefix(DATA)}"


def _as_data(column: str, plain: str, wanted: Mapping[str, str]) -> str:
    if plain in REPORTED:
        return ""
    if plain == WHOLE:
        return WHOLE
    if column.strip().lower().startswith(DATA):
        return f"{DATA}{column.strip()[len(DATA) :]}"
    return f"{DATA}{wanted.get(plain, plain)}"


def _header_fault(names: tuple[str, ...]) -> str | None:
    if CONTACT not in names:
        return "no column says whose a record is: call one Contact or Email, or write --map"
    if ID not in names:
        return "no column says which record it is: call one ID, or write --map COLUMN=id"
    named = [name for name in names if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    return None if twice is None else f"two of its columns are called {twice}: keep one of them"


def _data(given: Facts) -> Facts:
    whole = given.get(WHOLE)
    single = {name.removeprefix(DATA): one for name, one in given.items() if name.startswith(DATA)}
    if isinstance(whole, dict):
        return whole | single
    return single if whole is None else {WHOLE: whole, **single}


def _name(value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def _fault(contact: str, name: str, given: Facts) -> Unread | None:
    faults = {
        Unread(code="no_contact", reason="it names no contact"): not contact,
        Unread(code="no_id", reason="it has no id of its own"): not name,
        _TOO_LONG: max(len(contact), len(name)) > _LONGEST,
        _TOO_LARGE: len(json.dumps(given)) > _LARGEST,
    }
    return next((fault for fault, is_so in faults.items() if is_so), None)


_SPECIAL = {CONTACT: _WHOSE, ID: _IDS}
_TOO_LONG = Unread(code="no_id", reason=f"its id or contact is over {_LONGEST} characters")
_TOO_LARGE = Unread(code="too_large", reason="it is over 64 KiB: leave out what nobody looks at")

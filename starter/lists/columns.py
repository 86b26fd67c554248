"""Which column of a file is what about a contact, and what one row so says."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from zoneinfo import available_timezones

from pydantic import Field, JsonValue

from schemas.contact import NewContact
from schemas.content import Mailbox
from schemas.suppression import Reason
from schemas.values import Facts, Value
from starter.lists.checking import checked_address
from starter.lists.exports import COMMON, recognised
from starter.lists.standing import standing_of

DATA = "data."
KEY = "key"

_OWN = ("external_key", "first_name", "last_name", "company")
_SAID = ("opted_out", "opted_in", "opted_out_at", "bounced_at", "standing")
_NOT_ATTRIBUTES = {
    *(*_OWN, *_SAID),
    *("email", "other_email", "timezone", "owner", "owner_email", KEY),
}
REPORTED = ("refused_line", "refused_because")
"""The columns that a report of refused rows adds; read again they say nothing."""

_APOSTROPHE = re.compile(r"^'(?=[+\d])")
_MAILBOX = re.compile(r"^(?P<name>[^<(]*)[<(]\s*(?P<email>[^\s<>()]+@[^\s<>()]+)\s*[>)]$")


class Read(Value):
    """What one row says: of a contact, whether it may be written to, and of an enrollment.

    `zone_unknown` where its time zone is no IANA name.
    """

    contact: NewContact
    opted_out: Reason | None = None
    zone_unknown: bool = False
    key: str | None = None
    data: Facts = Field(default_factory=dict)


class Unread(Value):
    """Why a row says nothing that can be used, in a word and in a sentence without quoting it."""

    code: str
    reason: str


def field_names(
    header: tuple[str, ...], mapping: Mapping[str, str], data: Collection[str] = ()
) -> tuple[str, ...]:
    """Name what each column is: a field of the contact, `key`, `data.NAME`, or nothing.

    `mapping` (column to field) goes first, then columns that say `data.` themselves, the columns
    known by name, and the names in `data`, which a sequence uses. Where two columns stand for one
    field, the second is an attribute under its own name.
    """
    known = {**COMMON}
    for export in recognised(tuple(map(words, header))):
        known |= export.fields
    table = {**{words(name): f"{DATA}{name}" for name in data}, **known, KEY: KEY}
    table |= dict.fromkeys(REPORTED, "")
    own = {words(column): field for column, field in mapping.items()}
    names: list[str] = []
    for column in header:
        plain = words(column)
        field = own.get(plain) or _own_data(column) or table.get(plain, plain)
        names.append(plain if field and field in names else field)
    return tuple(names)


def missing_column(header: tuple[str, ...], mapping: Mapping[str, str]) -> str | None:
    """Give a column that `mapping` reads and the file does not have."""
    there = set(map(words, header))
    return next((column for column in mapping if words(column) not in there), None)


def read_contact(names: tuple[str, ...], fields: tuple[JsonValue, ...]) -> Read | Unread:
    """Read one row, or say why not, without quoting it."""
    given = {n: value for n, value in zip(names, fields, strict=True) if n and value != ""}
    text = {name: _text(value) for name, value in given.items() if name in _NOT_ATTRIBUTES}
    address = text.get("email") or text.get("other_email")
    if address is None:
        return Unread(code="no_address", reason="it has no email address")
    email = checked_address(address)
    if email.fault is not None:
        return Unread(code="malformed_address", reason=email.fault)
    zone = _zone(text.get("timezone", ""))
    return Read(
        contact=NewContact(
            email=email.address,
            timezone=zone,
            owner=_owner(text),
            attributes=_attributes(given, text),
            **{name: text[name] for name in _OWN if name in text},
        ),
        opted_out=standing_of(text),
        zone_unknown="timezone" in text and zone is None,
        key=text.get(KEY),
        data={name.removeprefix(DATA): v for name, v in given.items() if name.startswith(DATA)},
    )


def words(column: str) -> str:
    """Give a column's name as lower-case words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _own_data(column: str) -> str | None:
    plain = column.strip()
    return f"{DATA}{plain[len(DATA) :]}" if plain.lower().startswith(DATA) else None


def _text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # Shopify and Excel write an apostrophe before digits that are to stay text.
    return _APOSTROPHE.sub("", str(value))


def _attributes(given: Facts, text: Mapping[str, str]) -> Facts:
    attributes = {
        name: value
        for name, value in given.items()
        if name not in _NOT_ATTRIBUTES and not name.startswith(DATA)
    }
    named = {"owner": text["owner"]} if "owner" in text and _owner(text) is None else {}
    return {**attributes, **named}


def _owner(given: Mapping[str, str]) -> Mailbox | None:
    owner = given.get("owner", "")
    if "owner_email" in given:
        return Mailbox(email=given["owner_email"], name="" if "@" in owner else owner)
    if found := _MAILBOX.match(owner):
        return Mailbox(email=found["email"], name=found["name"].strip(' "'))
    return Mailbox(email=owner) if "@" in owner else None


def _zone(written: str) -> str | None:
    plain = written.lower().replace("_slash_", "/").replace(" ", "_")
    return _zones().get(plain)


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}

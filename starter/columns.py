"""Which column of a CRM's export is what about a contact."""

import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from schemas.contact import NewContact
from schemas.content import Mailbox
from schemas.values import Value

FIELD_BY_COLUMN = {
    "email": "email",
    "e_mail": "email",
    "email_address": "email",
    "record_id": "external_key",
    "contact_id": "external_key",
    "id": "external_key",
    "external_key": "external_key",
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "company_name": "company",
    "associated_company": "company",
    "account_name": "company",
    "time_zone": "timezone",
    "timezone": "timezone",
    "contact_owner": "owner",
    "owner": "owner",
    "owner_name": "owner",
    "contact_owner_email": "owner_email",
    "owner_email": "owner_email",
    "unsubscribed_from_all_email": "opted_out",
    "email_opt_out": "opted_out",
    "country_region": "country",
}
"""Column, as lower-case words, by what it holds: HubSpot's names first, then Salesforce's.

Any other column becomes an attribute under its own name in lower case: `Job Title` is
`contact.job_title`. Source: HubSpot's "Export your records", Salesforce's contact fields.
"""

_OWN = {"email", "external_key", "first_name", "last_name", "company", "timezone"}
_NOT_ATTRIBUTES = _OWN | {"owner", "owner_email", "opted_out"}
_YES = {"true", "yes", "1", "y"}
_MAILBOX = re.compile(r"^(?P<name>[^<(]*)[<(]\s*(?P<email>[^\s<>()]+@[^\s<>()]+)\s*[>)]$")


class Read(Value):
    """What one row says about a contact; `zone_unknown` where its time zone is no IANA name."""

    contact: NewContact
    opted_out: bool = False
    zone_unknown: bool = False


def field_names(header: tuple[str, ...], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Name the contact's field for each column; `mapping` (column to field) goes first.

    Where two columns stand for one field, the second is an attribute under its own name.
    """
    own = {_words(column): field for column, field in mapping.items()}
    table = {**FIELD_BY_COLUMN, **own}
    names: list[str] = []
    for words in map(_words, header):
        field = table.get(words, words)
        names.append(words if field in names else field)
    return tuple(names)


def missing_column(header: tuple[str, ...], mapping: Mapping[str, str]) -> str | None:
    """Give a column that `mapping` reads and the file does not have."""
    there = set(map(_words, header))
    return next((column for column in mapping if _words(column) not in there), None)


def read_contact(names: tuple[str, ...], fields: tuple[str, ...]) -> Read | str:
    """Read one row's contact, or say why not, without quoting it."""
    given = {name: field for name, field in zip(names, fields, strict=True) if field and name}
    if "email" not in given:
        return "it has no email address"
    try:
        email = validate_email(
            given["email"], check_deliverability=False, allow_smtputf8=False, strict=True
        ).normalized
    except EmailNotValidError as error:
        return f"its email address is malformed: {_lowered(str(error))}"
    zone = _zone(given.get("timezone", ""))
    own = {name: given[name] for name in _OWN - {"email", "timezone"} if name in given}
    return Read(
        contact=NewContact(
            email=email, timezone=zone, owner=_owner(given), attributes=_attributes(given), **own
        ),
        opted_out=given.get("opted_out", "").lower() in _YES,
        zone_unknown="timezone" in given and zone is None,
    )


def _words(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _lowered(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}".rstrip(".")


def _attributes(given: Mapping[str, str]) -> dict[str, str]:
    attributes = {name: value for name, value in given.items() if name not in _NOT_ATTRIBUTES}
    named = {"owner": given["owner"]} if "owner" in given and _owner(given) is None else {}
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

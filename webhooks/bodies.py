"""What callers of the API send: strict, each fault by its field."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from math import isfinite
from typing import Annotated
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    field_validator,
)

from inbound.events import storable
from schemas.contact import NewContact
from schemas.content import Mailbox
from schemas.values import Facts, Name, Value
from starter.incoming.app_events import EVENT_NAME

Text = Annotated[str, StringConstraints(min_length=1, max_length=255, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(pattern=EVENT_NAME)]

_LONGEST_LOCAL_PART = 64
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:")


def _written(moment: object) -> object:
    if isinstance(moment, str) and _DATED.match(moment):
        return moment
    raise ValueError("Write it with date, time and zone, as 2026-02-03T09:15:00Z.")


def _of_our_time(moment: datetime) -> datetime:
    if _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return moment
    raise ValueError(f"It lies before {_FIRST_YEAR} or after {_LAST_YEAR}.")


SaidMoment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_of_our_time)]


def _at_most(kibibytes: int) -> Callable[[Facts], Facts]:
    def checked(facts: Facts) -> Facts:
        if len(json.dumps(facts)) > kibibytes * 1024:
            raise ValueError(f"It is over {kibibytes} KiB: leave out what no sequence looks at.")
        return facts

    return checked


# Temporal takes payloads up to 2 MB, and an enrollment carries all that it was told.
KnownFacts = Annotated[Facts, AfterValidator(_at_most(64))]
ToldFacts = Annotated[Facts, AfterValidator(_at_most(16))]


class Strict(Value):
    """A body without unknown fields, and without what PostgreSQL cannot keep."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: JsonValue) -> JsonValue:
        if value != storable(value) or not _is_finite(value):
            raise ValueError(
                "It must hold neither NUL nor half a surrogate pair nor a number without an end, "
                "and be nested no deeper than 20."
            )
        return value


def _address(written: str) -> str:
    try:
        valid = validate_email(written, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError("It is not an email address.") from None
    # RFC 5321 section 4.5.3.1.1
    if len(valid.local_part) > _LONGEST_LOCAL_PART:
        raise ValueError("It is not an email address: over 64 characters before the @.")
    return valid.normalized


Address = Annotated[Text, AfterValidator(_address)]


class OwnerBody(Mailbox, Strict):
    """Whoever writes to the contact."""

    email: Address = Field(examples=["sam@example.org"])
    name: str = Field(default="", max_length=255, examples=["Sam Field"])


class ContactBody(NewContact, Strict):
    """A contact to create or change, found by `external_key`, else by `email`.

    What is left out stays as it was; `attributes` are merged into those known.
    """

    email: Address = Field(examples=["ada@example.com"])
    external_key: Text | None = Field(default=None, examples=["crm-4711"])
    first_name: Text | None = Field(default=None, examples=["Ada"])
    last_name: Text | None = Field(default=None, examples=["Lovelace"])
    company: Text | None = Field(default=None, examples=["Analytical Engines"])
    timezone: Text | None = Field(default=None, examples=["Europe/London"])
    owner: OwnerBody | None = Field(
        default=None, examples=[{"email": "sam@example.org", "name": "Sam Field"}]
    )
    attributes: KnownFacts = Field(
        default_factory=dict, examples=[{"role": "vp-ops", "country": "GB"}]
    )

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        if name is not None and name not in _zones():
            raise ValueError("It is not a time zone of the IANA database, as Europe/London is.")
        return name


class RecordBody(Strict):
    """What is known per order or contract, say, whole: what is left out is known no more."""

    data: KnownFacts = Field(examples=[{"contract_id": "c7", "contract_end": "2027-03-31"}])


class MergeBody(Strict):
    """Who was found to be the same person, by id, external key or address; and who says so."""

    other: Text = Field(examples=["crm-4712"])
    who: Text = Field(examples=["kim"])


class OrderBody(Strict):
    """An operator's command: who gives it, and why. The same `id` counts once."""

    who: Text = Field(examples=["kim"])
    why: Text = Field(examples=["the contract was signed by hand"])
    id: Text | None = Field(default=None, examples=["ticket-12"])


class EnrollmentBody(Strict):
    """A contact to enroll; `contact` is an id, an external key or an address.

    It begins at the main step `step`, the first if left out, and `paused`, if it says so. The
    same `id` again is the same request, and answered as it was the first time.
    """

    sequence: Name = Field(examples=["outbound-vp-ops"])
    contact: Text = Field(examples=["crm-4711"])
    key: Name | None = Field(default=None, examples=["order-1007"])
    data: KnownFacts = Field(default_factory=dict, examples=[{"plan": "team"}])
    version: Text | None = Field(default=None, examples=[None])
    at: SaidMoment | None = Field(default=None, examples=[None])
    source: Name = Field(default="api", examples=["crm-sync"])
    step: Text | None = Field(default=None, examples=[None])
    paused: OrderBody | None = Field(default=None, examples=[None])
    id: Text | None = Field(default=None, examples=["crm-4711-vp-ops"])


class ChangeBody(Strict):
    """New values of an enrollment's `data`; null takes one away.

    The same `id` counts once for an enrollment.
    """

    data: ToldFacts = Field(min_length=1, examples=[{"contract_end": "2027-09-01"}])
    id: Text | None = Field(default=None, examples=["contract-7-moved-2"])
    at: SaidMoment | None = Field(default=None, examples=[None])


class PlacedChangeBody(ChangeBody):
    """The same, for the enrollment of a contact in a sequence for a key."""

    sequence: Name = Field(examples=["renewal"])
    contact: Text = Field(examples=["crm-4711"])
    key: Name | None = Field(default=None, examples=["contract-7"])


class EventBody(Strict):
    """Something that the app reports of a contact.

    The same event of the same contact with the same `id` counts once.
    """

    event: Word = Field(examples=["meeting_booked"])
    contact: Text = Field(examples=["ada@example.com"])
    id: Text | None = Field(default=None, examples=["booking-88"])
    at: SaidMoment | None = Field(default=None, examples=["2026-02-03T09:15:00Z"])
    fields: ToldFacts = Field(default_factory=dict, examples=[{"with": "Sam"}])


def _is_finite(value: JsonValue) -> bool:
    match value:
        case float():
            return isfinite(value)
        case list():
            return all(map(_is_finite, value))
        case dict():
            return all(map(_is_finite, value.values()))
    return True


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())

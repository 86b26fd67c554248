"""Where a date's value comes from before there is an enrollment: records, or the contact itself."""

from collections.abc import Iterable

from pydantic import JsonValue

from activities.triggering.standing import Standing
from schemas.conditions import Fact
from schemas.contact import Contact
from schemas.sequence import Sequence
from schemas.values import Facts, Value
from storage.people.records import Record
from workflows.deciding.conditions import Known, value_of

HIMSELF = ""
"""Stands for the contact itself, where it has no record of its own."""


class Source(Value):
    """A value of the trigger's date, of a record or the contact itself; what is enrolled with."""

    record: str = HIMSELF
    value: JsonValue
    data: Facts

    @property
    def basis(self) -> str:
        """What an appointment that is counted from it is known by."""
        return str(self.value).strip()


def sources(standing: Standing, contact: Contact, records: Iterable[Record]) -> list[Source]:
    """Give all values that a date has for a contact, those that are missing left out.

    `data.…` is what the contact's records say, where the sequence is per something and there are
    records; else the contact's own attributes stand for it.
    """
    anchor, kept = standing.trigger.anchor, list(records)
    if anchor is None:
        return []
    if anchor.of == "data" and standing.sequence.key is not None and kept:
        told = [(one.id, data_of(standing.sequence, one)) for one in kept]
    else:
        told = [(HIMSELF, own_data(standing, contact))]
    found = ((record, _value(anchor, contact, data), data) for record, data in told)
    return [
        Source(record=record, value=value, data=data)
        for record, value, data in found
        if value is not None
    ]


def data_of(sequence: Sequence, record: Record) -> Facts:
    """Give what a record gives an enrollment; its id is its key, where it does not say another."""
    key = sequence.key
    if key is None or key.of != "data" or "." in key.path:
        return record.data
    return {key.path: record.id, **record.data}


def own_data(standing: Standing, contact: Contact) -> Facts:
    """Give those of a contact's attributes that a trigger's sequence names as `data.…`."""
    named = standing.data_names
    return {name: value for name, value in contact.attributes.items() if name in named}


def _value(anchor: Fact, contact: Contact, data: Facts) -> JsonValue:
    return value_of(anchor, Known(contact=contact.facts(), data=data))

"""What the app says: something that a sequence may wait for, react to, or count as its goal."""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from pydantic import Field
from sqlalchemy import Connection, Engine

from activities.triggering.by_event import creates
from schemas.contact import Contact, NewContact
from schemas.suppression import Suppression
from schemas.values import Facts, Value
from starter.incoming.changes import saved_contact
from starter.incoming.hearing import OWN_BY_NAME, suppression_by, telling_of
from starter.incoming.intake import Occurrence, Taken, take
from storage.events import NewEvent, any_known
from storage.people import contacts, identities
from storage.people.contacts import Saved

EVENT_NAME = r"^[A-Za-z][A-Za-z0-9._-]{0,99}$"
"""What an event may be called."""

RESERVED = frozenset(
    {
        *("open", "click", "bounce", "conversion", "event", "auto_reply", "contact_changed"),
        *("suppressed_by", "released_by", "task_done", "send_settled", "control"),
        *("data_changed", "colleague", "turn", "room"),
    }
)
"""Names that only Postroad itself may use."""


class Said(Value):
    """An event that the app reports of a contact, named by id, external key or address.

    The same event of the same contact with the same `id` counts once; without an `id` each
    report is an event of its own.
    """

    name: str
    contact: str
    at: datetime
    id: str | None = None
    fields: Facts = Field(default_factory=dict)
    source: Literal["api", "cli"] = "api"


def take_app_event(engine: Engine, said: Said) -> Taken:
    """Take an event in; of an unknown contact it is only put on record (language rule 33).

    Unless it is named by its address, and a trigger that the event concerns wants it made.
    Raises ValueError if its name is malformed, or one that only Postroad itself may use.
    """
    with engine.begin() as connection:
        return take_said(connection, said)


def take_said(connection: Connection, said: Said) -> Taken:
    """Do the same within a transaction of the caller's."""
    if fault := fault_of_name(said.name):
        raise ValueError(fault)
    contact = _whose(connection, said) or _made(connection, said)
    if contact is not None and _is_known(connection, said, contact):
        return Taken(new=False, contact=contact.id)
    record = _record(said, contact)
    occurrence = Occurrence(
        record=record,
        suppression=_suppression(said, contact),
        tell=telling_of(said.name, record.mark, said.at, said.fields),
    )
    return take(connection, occurrence)


def fault_of_name(name: str) -> str | None:
    """Say why an event of the app cannot be called so, if there is a reason."""
    if re.fullmatch(EVENT_NAME, name) is None:
        return (
            "an event's name begins with a letter and holds only letters, digits, dots, "
            "underscores and hyphens (at most 100): mend it"
        )
    return f"{name} is a name of Postroad's own: choose another one" if name in RESERVED else None


def _made(connection: Connection, said: Said) -> Contact | None:
    address = _address_in(said.contact)
    if address is None or not creates(connection, said.name, said.fields):
        return None
    saved = saved_contact(connection, NewContact(email=address), said.at)
    return saved.contact if isinstance(saved, Saved) else None


def _address_in(ref: str) -> str | None:
    try:
        return validate_email(ref, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None


def _whose(connection: Connection, said: Said) -> Contact | None:
    found = contacts.find(connection, said.contact)
    if found is None:
        identities.let_nobody_come(connection, identities.whom(said.contact))
        found = contacts.find(connection, said.contact)
    return found


def _is_known(connection: Connection, said: Said, contact: Contact) -> bool:
    # It may have come before anybody knew whose it is, or when the contact was another one.
    if said.id is None:
        return False
    names = identities.names_of(connection, contact)
    return any_known(connection, [_natural_key(said, name) for name in names])


def _natural_key(said: Said, whose: str) -> str:
    # An order's id may well stand in all that is reported of it.
    parts = ["app", said.name, whose, said.id or uuid4().hex]
    return sha256(json.dumps(parts).encode()).hexdigest()


def _record(said: Said, contact: Contact | None) -> NewEvent:
    whom = identities.whom(said.contact)
    return NewEvent(
        source=said.source,
        natural_key=_natural_key(said, contact.id if contact else whom),
        kind=said.name if said.name in OWN_BY_NAME else "event",
        name=said.name,
        contact_id=contact.id if contact else None,
        at=said.at,
        fields=said.fields,
        whom=None if contact else whom,
    )


def _suppression(said: Said, contact: Contact | None) -> Suppression | None:
    # An address is left alone whoever's it is.
    address = said.contact if "@" in said.contact else None
    target = contact.email if contact else address
    return None if target is None else suppression_by(said.name, target, said.source, said.at)

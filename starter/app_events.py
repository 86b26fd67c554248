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

from activities.telling import Telling
from activities.triggering.by_event import creates
from schemas.contact import Contact, NewContact
from schemas.events import (
    AppEvent,
    Blocked,
    Complaint,
    Conversion,
    Event,
    Reply,
    Unsubscribe,
)
from schemas.sequence import Sequence
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.values import Facts, Value
from starter.changes import saved_contact
from starter.intake import Occurrence, Taken, everywhere, listens, take
from storage import contacts
from storage.contacts import Saved
from storage.events import NewEvent
from storage.rows import LiveEnrollment

OWN_BY_NAME: dict[str, type[Reply | Unsubscribe | Complaint | Blocked]] = {
    "reply": Reply,
    "unsubscribe": Unsubscribe,
    "complaint": Complaint,
    "blocked": Blocked,
}
"""Names that mean what they mean everywhere: the app heard of it before we did."""

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

_REASON_BY_NAME = {
    "unsubscribe": Reason.UNSUBSCRIBED,
    "complaint": Reason.COMPLAINED,
    "blocked": Reason.BLOCKED,
}


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
    if fault := fault_of_name(said.name):
        raise ValueError(fault)
    with engine.begin() as connection:
        contact = contacts.find(connection, said.contact) or _made(connection, said)
        record = _record(said, _natural_key(said, contact), contact)
        occurrence = Occurrence(
            record=record,
            suppression=None if contact is None else _suppression(said, contact),
            tell=_telling(said, record.mark),
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


def _natural_key(said: Said, contact: Contact | None) -> str:
    whose = contact.id if contact else said.contact
    # An order's id may well stand in all that is reported of it.
    parts = ["app", said.name, whose, said.id or uuid4().hex]
    return sha256(json.dumps(parts).encode()).hexdigest()


def _record(said: Said, key: str, contact: Contact | None) -> NewEvent:
    return NewEvent(
        source=said.source,
        natural_key=key,
        kind=said.name if said.name in OWN_BY_NAME else "event",
        name=said.name,
        contact_id=contact.id if contact else None,
        at=said.at,
        fields=said.fields,
    )


def _suppression(said: Said, contact: Contact) -> Suppression | None:
    reason = _REASON_BY_NAME.get(said.name)
    if reason is None:
        return None
    scope = SCOPE_BY_REASON[reason]
    return Suppression(
        target=contact.email, reason=reason, scope=scope, source=said.source, at=said.at
    )


def _telling(said: Said, mark: str) -> Telling:
    own = OWN_BY_NAME.get(said.name)
    if own is not None:
        return everywhere(own(id=mark, at=said.at))
    event = AppEvent(id=mark, at=said.at, name=said.name, fields=said.fields)
    goal = Conversion(id=mark, at=said.at, name=said.name, fields=said.fields)

    def tell(_: LiveEnrollment, sequence: Sequence) -> Event | None:
        told = goal if is_goal(sequence, said.name) else event
        return told if listens(sequence, told) else None

    return tell


def is_goal(sequence: Sequence, name: str) -> bool:
    """Tell whether the event is what the sequence is for, or ends it."""
    goals = {goal.event for goal in sequence.goals}
    ends = {rule.on.name for rule in sequence.exit_on if rule.on is not None}
    return name in goals | ends

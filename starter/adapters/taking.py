"""What other services post, taken in as if our own API had been told."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import JsonValue
from sqlalchemy import Connection, Engine

from inbound.adapting.reading import Ignored, Meant
from schemas.contact import Contact, NewContact
from schemas.values import Facts, Value
from starter.adapters.uniting import Same, unite
from starter.incoming.app_events import Said, fault_of_name, take_said
from starter.incoming.changes import saved_contact
from storage.people import contacts
from storage.people.contacts import Saved

_OWN = ("first_name", "last_name", "company", "timezone")


class Done(Value):
    """What became of one item: of whom, which event, how many were merged, whether that is new.

    Without `contact` nobody is known by that name yet: the event waits for whoever gets it.
    """

    item: int
    event: str | None = None
    contact: str | None = None
    new: bool = True
    enrollments: int = 0
    merged: int = 0


def take_all(
    engine: Engine, name: str, reading: Iterable[Meant | Ignored], arrival: datetime
) -> list[Done | Ignored]:
    """Take each item in, in one transaction of its own; `name` is the service's."""
    return [
        one if isinstance(one, Ignored) else take_one(engine, name, one, arrival) for one in reading
    ]


def take_one(engine: Engine, name: str, meant: Meant, arrival: datetime) -> Done | Ignored:
    """Take one item in: what happened and what is new about the contact, or nothing of it.

    Only of several contacts to be merged into one, each is done or not.
    """
    if meant.others:
        return _united(engine, name, meant, arrival)
    if meant.event is not None and (fault := fault_of_name(meant.event)):
        return Ignored(item=meant.item, why=fault)
    with engine.begin() as connection:
        return _take(connection, name, meant, arrival)


def _united(engine: Engine, name: str, meant: Meant, arrival: datetime) -> Done | Ignored:
    at = min(meant.at or arrival, arrival)
    same = Same(keep=meant.key or "", others=meant.others, new_key=meant.new_key, by=name, at=at)
    done = unite(engine, same)
    if done is None:
        return Ignored(item=meant.item, why="nobody is known by any of these keys")
    return Done(item=meant.item, contact=done.contact, new=done.new, merged=done.merged)


def _take(connection: Connection, name: str, meant: Meant, arrival: datetime) -> Done | Ignored:
    known = _known(connection, meant)
    contact = known or _made(connection, meant, arrival)
    done = Done(item=meant.item, contact=contact.id if contact else None)
    if meant.event is None and contact is None:
        return Ignored(item=meant.item, why="nobody is known by this name, or it says no address")
    answer = _happened(connection, name, meant, contact, arrival) if meant.event else done
    # What is new about somebody known comes last: whoever is told of the event locks more than
    # this contact, and nobody may hold one lock and wait for those.
    is_repeat = isinstance(answer, Done) and not answer.new
    if known is not None and not is_repeat:
        _change(connection, known, meant, arrival)
    return answer


def _happened(
    connection: Connection, name: str, meant: Meant, contact: Contact | None, arrival: datetime
) -> Done | Ignored:
    ref = contact.id if contact else _address(meant.email) or meant.key
    if ref is None:
        return Ignored(item=meant.item, why="its address is none")
    said = Said(
        name=meant.event or "",
        contact=ref,
        at=min(meant.at or arrival, arrival),
        id=f"{name}:{meant.id}",
        fields=meant.fields,
    )
    taken = take_said(connection, said)
    return Done(
        item=meant.item,
        event=meant.event,
        contact=taken.contact,
        new=taken.new,
        enrollments=taken.enrollments,
    )


def _made(connection: Connection, meant: Meant, at: datetime) -> Contact | None:
    email = _address(meant.email) if meant.create else None
    if email is None:
        return None
    saved = saved_contact(connection, _new(email, meant.key, meant.attributes), at)
    return saved.contact if isinstance(saved, Saved) else None


def _change(connection: Connection, known: Contact, meant: Meant, at: datetime) -> None:
    """Save what is new: of a mapping that makes contacts, their key and address as well.

    The address only of whoever is known by this key: else it may be that of one merged into them.
    """
    email, key = known.email, None
    if meant.create:
        key = known.external_key or meant.key
        is_own = known.external_key is not None and known.external_key == meant.key
        email = (is_own and _address(meant.email)) or email
    new = _new(email, key, meant.attributes)
    if new != NewContact(email=known.email):
        saved_contact(connection, new, at)


def _known(connection: Connection, meant: Meant) -> Contact | None:
    names = (name for name in (meant.key, meant.email) if name is not None)
    found = (contacts.find(connection, name) for name in names)
    return next((contact for contact in found if contact is not None), None)


def _new(email: str, key: str | None, attributes: Facts) -> NewContact:
    own = {name: text for name in _OWN if (text := _own(name, attributes.get(name)))}
    rest = {name: value for name, value in attributes.items() if name not in _OWN}
    return NewContact(email=email, external_key=key, attributes=rest, **own)


def _own(name: str, value: JsonValue) -> str | None:
    text = value.strip()[:255] if isinstance(value, str) else ""
    if name == "timezone" and text not in available_timezones():
        return None
    return text or None


def _address(written: str | None) -> str | None:
    try:
        return validate_email(
            written or "", check_deliverability=False, allow_smtputf8=False
        ).normalized
    except EmailNotValidError:
        return None

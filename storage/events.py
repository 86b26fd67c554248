"""Events: everything that came in, each once."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from pydantic import Field, JsonValue
from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from schemas.events import AppEvent, Conversion, Event, Reply
from schemas.values import Facts, Value
from storage.rows import EnrollmentRow, EventRow, shaped
from storage.tables import events

_KINDS = frozenset({"click", "open", "reply"})


class NewEvent(Value):
    """Something that came in, once per `natural_key` and per `provider_event_id`.

    `kind` is a word of `schemas.events`, or the provider's own; `name` is that of an app event.
    """

    source: Literal["sendgrid", "inbound", "api", "page", "cli"]
    natural_key: str
    provider_event_id: str | None = None
    kind: str
    name: str | None = None
    contact_id: str | None = None
    send_id: UUID | None = None
    enrollment_id: UUID | None = None
    at: datetime
    fields: Facts = Field(default_factory=dict)
    raw: bytes | None = None


def record(connection: Connection, new: NewEvent) -> UUID | None:
    """Record an event and give its id; None if it is known, by either of its keys.

    Waits for a transaction that is just recording the same one.
    """
    entry = (
        insert(events)
        .values(id=uuid4(), **(new.model_dump() | {"fields": _writable(new.fields)}))
        .on_conflict_do_nothing()
        .returning(events.c.id)
    )
    recorded: UUID | None = connection.scalar(entry)
    return recorded


def earlier(
    connection: Connection, contact_id: str, listens_to: Collection[str], before: datetime
) -> list[Event]:
    """Give a contact's events before a moment, in order: those that a sequence `listens_to`.

    Clicks and opens are left out: they are of a step of the enrollment whose mail it was.
    """
    return _listened(connection, contact_id, listens_to, events.c.at < before)


def missed(
    connection: Connection, enrollment: EnrollmentRow, listens_to: Collection[str]
) -> list[Event]:
    """Give the events of an enrollment's own time that were on record before it was.

    Nobody was there to be told of them. A hand-off's child has none: what came before it is its
    parent's.
    """
    if enrollment.parent is not None:
        return []
    own = and_(events.c.at >= enrollment.enrolled_at, events.c.wall <= enrollment.enrolled_wall)
    return _listened(connection, enrollment.contact_id, listens_to, own)


def _listened(
    connection: Connection, contact_id: str, listens_to: Collection[str], when: ColumnElement[bool]
) -> list[Event]:
    names = [word.removeprefix("event:") for word in listens_to if word.startswith("event:")]
    named = and_(events.c.kind.in_(("event", "conversion")), events.c.name.in_(names))
    kinds = [kind for kind in ("reply",) if kind in listens_to]
    found = (
        select(events.c.id, events.c.kind, events.c.name, events.c.at, events.c.fields)
        .where(events.c.contact_id == contact_id, when, or_(named, events.c.kind.in_(kinds)))
        .order_by(events.c.at, events.c.id)
    )
    return [_event(row) for row in connection.execute(found).mappings()]


def of_contact(connection: Connection, contact_id: str, *, limit: int = 100) -> list[EventRow]:
    """Give a contact's events, the latest first, without their raw bodies."""
    shown = [column for column in events.c if column.name != "raw"]
    found = (
        select(*shown)
        .where(events.c.contact_id == contact_id)
        .order_by(events.c.at.desc(), events.c.id)
        .limit(limit)
    )
    return [shaped(EventRow, row) for row in connection.execute(found).mappings()]


def count(
    connection: Connection, contact_id: str, event: str, after: datetime | None, until: datetime
) -> int:
    """Count a contact's events after a moment (if one is given), up to and with `until`.

    `event` is `click`, `open`, `reply`, or the name of one that the app reported.
    """
    named = and_(events.c.kind.in_(("event", "conversion")), events.c.name == event)
    since = true() if after is None else events.c.at > after
    counted = select(func.count()).where(
        events.c.contact_id == contact_id,
        events.c.kind == event if event in _KINDS else named,
        events.c.at <= until,
        since,
    )
    return connection.scalars(counted).one()


def _writable(value: JsonValue) -> JsonValue:
    # PostgreSQL keeps no NUL in text or JSON; a client's user agent may hold one.
    match value:
        case str():
            return value.replace("\0", "\ufffd")
        case list():
            return [_writable(item) for item in value]
        case dict():
            return {name.replace("\0", "\ufffd"): _writable(item) for name, item in value.items()}
        case _:
            return value


def _event(row: RowMapping) -> Event:
    name, at = str(row["id"]), row["at"]
    match row["kind"]:
        case "reply":
            return Reply(id=name, at=at)
        case "conversion":
            return Conversion(id=name, at=at, name=row["name"], fields=row["fields"])
        case _:
            return AppEvent(id=name, at=at, name=row["name"], fields=row["fields"])

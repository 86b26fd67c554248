"""Events: everything that came in, each once."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from pydantic import Field, JsonValue
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert

from schemas.events import AppEvent, Conversion, DataChanged, Event, Reply
from schemas.values import Facts, Value, cut
from storage.rows import EnrollmentRow, EventRow, shaped
from storage.schema.tables import events

DATA_CHANGED = "data_changed"
"""The kind of a change of an enrollment's data; its fields are `data`, and the `run` it is for."""

_OF_MAILS = frozenset({"click", "open", "reply"})
_TOLD = (events.c.kind, events.c.natural_key, events.c.name, events.c.at, events.c.fields)
_DIGITS = 32
_MINUTE = timedelta(minutes=1)
_EVER = datetime.min.replace(tzinfo=UTC)


class NewEvent(Value):
    """Something that came in, once per `natural_key` and per `provider_event_id`.

    `kind` is a word of `schemas.events`, or the provider's own; `name` is that of an app event;
    `whom` it named, if nobody was known by that.
    """

    source: Literal["sendgrid", "inbound", "api", "page", "cli", "step"]
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
    whom: str | None = None

    @property
    def mark(self) -> str:
        """The one id under which enrollments know it."""
        if self.kind == DATA_CHANGED:
            return _mark_of_change(self.at, self.natural_key)
        return mark_of(self.kind, self.natural_key)


def record(connection: Connection, new: NewEvent) -> UUID | None:
    """Record an event and give its id; None if it is known, by either of its keys.

    Waits for a transaction that is just recording the same one.
    """
    entry = (
        insert(events)
        .values(id=uuid4(), **(new.model_dump() | {"fields": writable(new.fields)}))
        .on_conflict_do_nothing()
        .returning(events.c.id)
    )
    recorded: UUID | None = connection.scalar(entry)
    return recorded


def any_known(connection: Connection, natural_keys: Collection[str]) -> bool:
    """Tell whether an event of one of these keys is on record."""
    found = select(events.c.id).where(events.c.natural_key.in_(natural_keys)).limit(1)
    return connection.scalar(found) is not None


def mark_of(kind: str, natural_key: str) -> str:
    """Give the one id under which enrollments know an event, whichever way they hear of it."""
    return f"{kind}.{natural_key[:_DIGITS]}"


def earlier(
    connection: Connection, contact_id: str, listens_to: Collection[str], before: datetime
) -> list[Event]:
    """Give a contact's events before a moment, in order: those that a sequence `listens_to`.

    Clicks and opens are left out: they are of a step of the enrollment whose mail it was.
    """
    return _found(connection, contact_id, _listened(listens_to), events.c.at < before)


def missed(
    connection: Connection, enrollment: EnrollmentRow, listens_to: Collection[str]
) -> list[Event]:
    """Give the events of an enrollment's own time that are on record, and its changes of data.

    Whatever of them is signalled to it, too, has the same id. Of other events a hand-off's child
    has none: what came before it is its parent's, and it hears of the rest. To be asked in the
    transaction that puts the enrollment on record, while its contact is locked: then none is lost.
    """
    changed = data_changes(connection, enrollment)
    if enrollment.parent is not None:
        return [*changed]
    own = events.c.at >= enrollment.enrolled_at
    listened = _found(connection, enrollment.contact_id, _listened(listens_to), own)
    return _in_order([*changed, *listened])


def data_changes(connection: Connection, enrollment: EnrollmentRow) -> list[DataChanged]:
    """Give the changes of an enrollment's data on record, in order, of before it began, too."""
    whose = or_(
        events.c.enrollment_id == enrollment.id,
        and_(events.c.enrollment_id.is_(None), events.c.fields["run"].astext == enrollment.run_id),
    )
    found = (
        select(*_TOLD)
        .where(
            events.c.contact_id == enrollment.contact_id,
            events.c.kind == DATA_CHANGED,
            whose,
        )
        .order_by(events.c.at, events.c.natural_key)
    )
    return [_changed(row) for row in connection.execute(found).mappings()]


def unheeded_changes(
    connection: Connection, enrollment: EnrollmentRow, known: Facts
) -> list[DataChanged]:
    """Give an enrollment's changes of data if by them a value is another than the one `known`.

    Its workflow has not been told of all of them then; in the transaction of a claim, whose
    contact is locked, none can come any more.
    """
    changes = data_changes(connection, enrollment)
    values = {name: value for change in changes for name, value in change.facts.items()}
    is_behind = any(known.get(name) != value for name, value in values.items())
    return changes if is_behind else []


def listed(
    connection: Connection, contact_id: str, names: Collection[str], until: datetime
) -> list[Event]:
    """Give all that the app reported of a contact under these names up to a minute, in order."""
    when = events.c.at < cut(until) + _MINUTE
    return _found(connection, contact_id, _named(names), when)


def count(
    connection: Connection, contact_id: str, event: str, after: datetime | None, until: datetime
) -> int:
    """Count a contact's events after one minute (None: ever) up to another, which is included.

    `event` is an app event's name, or `click`, `open` or `reply`.
    """
    counted = select(func.count()).where(
        events.c.contact_id == contact_id,
        events.c.kind == event if event in _OF_MAILS else _named([event]),
        events.c.at < cut(until) + _MINUTE,
        true() if after is None else events.c.at >= cut(after) + _MINUTE,
    )
    return connection.scalars(counted).one()


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


def _listened(listens_to: Collection[str]) -> ColumnElement[bool]:
    names = [word.removeprefix("event:") for word in listens_to if word.startswith("event:")]
    replies = and_(
        events.c.kind == "reply", events.c.name.in_(("reply",)) | events.c.name.is_(None)
    )
    return or_(_named(names), replies) if "reply" in listens_to else _named(names)


def _named(names: Collection[str]) -> ColumnElement[bool]:
    return and_(events.c.kind.in_(("event", "conversion")), events.c.name.in_(names))


def _found(
    connection: Connection, contact_id: str, what: ColumnElement[bool], when: ColumnElement[bool]
) -> list[Event]:
    found = select(*_TOLD).where(events.c.contact_id == contact_id, what, when)
    return _in_order(_event(row) for row in connection.execute(found).mappings())


def _in_order(found: Iterable[Event]) -> list[Event]:
    return sorted(found, key=lambda event: (event.at or _EVER, event.id))


def writable(value: JsonValue) -> JsonValue:
    """Give what PostgreSQL can keep: no NUL in text or JSON; a client's user agent may hold one."""
    match value:
        case str():
            return value.replace("\0", "\ufffd")
        case list():
            return [writable(item) for item in value]
        case dict():
            return {name.replace("\0", "\ufffd"): writable(item) for name, item in value.items()}
        case _:
            return value


def _event(row: RowMapping) -> Event:
    told = {"id": mark_of(row["kind"], row["natural_key"]), "at": row["at"]}
    match row["kind"]:
        case "reply":
            return Reply(**told)
        case "conversion":
            return Conversion(**told, name=row["name"], fields=row["fields"])
        case _:
            return AppEvent(**told, name=row["name"], fields=row["fields"])


def _mark_of_change(at: datetime, natural_key: str) -> str:
    # Of two changes of one minute the later id counts (`after_event`).
    return mark_of(f"{DATA_CHANGED}.{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}", natural_key)


def _changed(row: RowMapping) -> DataChanged:
    mark = _mark_of_change(row["at"], row["natural_key"])
    return DataChanged(id=mark, at=row["at"], facts=row["fields"]["data"])

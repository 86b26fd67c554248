"""Places of those who may enter a sequence on a day: each start has one, kept with what came of it.

Let `contacts.lock`, then `paces.hold` go before whatever changes one.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Value
from storage.entering import paces
from storage.rows import Instant, shaped, shaped_or_none
from storage.schema.pace_tables import places
from storage.schema.tables import contacts

Over = Literal["entered", "refused", "withdrawn", "abandoned"]
"""What came of a place: its enrollment began, was refused, was called off, or never asked again."""


class NewPlace(Value):
    """A place to be taken on `day`, which begins at `opens_at`, or is that of the request."""

    workflow_id: str
    run_id: str
    sequence: str
    contact_id: str
    key: str | None = None
    source: str
    owner: str
    day: date
    opens_at: datetime | None = None
    asked_at: datetime
    why: str


class Place(NewPlace):
    """A place on record; it is waited for until it is `over`."""

    id: int
    opens_at: Instant | None = None
    asked_at: Instant
    over: Over | None = None
    over_as: str | None = None
    over_by: str | None = None
    over_why: str | None = None
    over_at: Instant | None = None
    called_at: Instant | None = None


class Withdrawal(Value):
    """Who called a start off, when and why, and as what its refusal is known."""

    by: str
    why: str
    at: datetime
    name: str


class ListedPlace(Place):
    """A place in a list: whose it is."""

    email: str


class Queue(Value):
    """How many wait for the day of their place, and between which moments these days begin."""

    waiting: int
    first_at: Instant | None = None
    last_at: Instant | None = None


def take(connection: Connection, new: NewPlace) -> Place:
    """Take a place on a day that has room: let `paces.lock` go before."""
    made = insert(places).values(**new.model_dump()).returning(places)
    paces.count(connection, new.sequence, new.owner, new.day)
    return shaped(Place, connection.execute(made).mappings().one())


def of_run(connection: Connection, workflow_id: str, run_id: str) -> Place | None:
    """Give the place of a start."""
    found = select(places).where(places.c.workflow_id == workflow_id, places.c.run_id == run_id)
    return shaped_or_none(Place, connection.execute(found).mappings().first())


def under(connection: Connection, workflow_id: str, run_id: str) -> list[Place]:
    """Give the place of a start, and those still waited for of earlier runs of its workflow id."""
    found = select(places).where(
        places.c.workflow_id == workflow_id,
        or_(places.c.run_id == run_id, places.c.over.is_(None)),
    )
    return [shaped(Place, row) for row in connection.execute(found).mappings()]


def waiting_of(connection: Connection, workflow_id: str) -> Place | None:
    """Give the place that the latest start under a workflow id waits for."""
    found = (
        select(places)
        .where(places.c.workflow_id == workflow_id, places.c.over.is_(None))
        .order_by(places.c.id.desc())
        .limit(1)
    )
    return shaped_or_none(Place, connection.execute(found).mappings().first())


def waiting(connection: Connection, ids: Collection[int]) -> list[Place]:
    """Give those places of these ids that are waited for."""
    found = select(places).where(places.c.id.in_(ids), places.c.over.is_(None))
    return [shaped(Place, row) for row in connection.execute(found).mappings()]


def enter(connection: Connection, place: Place, at: datetime) -> None:
    """Record that the enrollment of a place began."""
    _end(connection, place, "entered", at)


def give_back(connection: Connection, place: Place, over: Over, at: datetime) -> bool:
    """Record what else came of a place, and let its day have room; tell whether it is news."""
    paces.hold(connection, place.sequence)
    is_news = _end(connection, place, over, at)
    if is_news:
        paces.uncount(connection, place.sequence, place.owner, place.day)
    return is_news


def withdraw(connection: Connection, place: Place, called_off: Withdrawal) -> bool:
    """Record who called a start off, and give its place back; tell whether it is news."""
    is_news = give_back(connection, place, "withdrawn", called_off.at)
    if is_news:
        said = {"over_as": called_off.name, "over_by": called_off.by, "over_why": called_off.why}
        connection.execute(update(places).where(places.c.id == place.id).values(said))
    return is_news


def wall(connection: Connection) -> datetime:
    """Give what time it is by the database's clock."""
    now: datetime = connection.execute(select(func.now())).scalar_one()
    return now


def queue(connection: Connection, sequence: str | None = None) -> Queue:
    """Tell how many wait for the day of their place, in one sequence or in all."""
    counted = select(
        func.count().label("waiting"),
        func.min(places.c.opens_at).label("first_at"),
        func.max(places.c.opens_at).label("last_at"),
    ).where(*_waiting(sequence))
    return shaped(Queue, connection.execute(counted).mappings().one())


def listing(
    connection: Connection,
    sequence: str | None = None,
    *,
    contact_id: str | None = None,
    limit: int = 100,
) -> list[ListedPlace]:
    """List the places that are waited for, the next first."""
    whose = true() if contact_id is None else places.c.contact_id == contact_id
    found = (
        select(*places.c, contacts.c.email)
        .join_from(places, contacts, contacts.c.id == places.c.contact_id)
        .where(*_waiting(sequence), whose)
        .order_by(places.c.day, places.c.id)
        .limit(limit)
    )
    return [shaped(ListedPlace, row) for row in connection.execute(found).mappings()]


def _waiting(sequence: str | None) -> tuple[ColumnElement[bool], ...]:
    return places.c.over.is_(None), true() if sequence is None else places.c.sequence == sequence


def _end(connection: Connection, place: Place, over: Over, at: datetime) -> bool:
    ended = (
        update(places)
        .where(places.c.id == place.id, places.c.over.is_(None))
        .values(over=over, over_at=at)
    )
    return connection.execute(ended).rowcount > 0

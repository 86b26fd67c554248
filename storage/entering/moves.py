"""Places that are moved up to earlier days, and starts that do not come on theirs."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from storage.schema.pace_tables import places


class Line(NamedTuple):
    """Somebody who waits for a later day."""

    id: int
    owner: str
    day: date
    workflow_id: str


class Overdue(NamedTuple):
    """Somebody whose day has come and who has not."""

    id: int
    workflow_id: str


def line(connection: Connection, sequence: str, today: date) -> list[Line]:
    """Give who waits for a day after today: let `paces.hold` go before."""
    found = select(places.c.id, places.c.owner, places.c.day, places.c.workflow_id).where(
        places.c.sequence == sequence, places.c.over.is_(None), places.c.day > today
    )
    return [Line(*row) for row in connection.execute(found)]


def put(
    connection: Connection, ids: Collection[int], day: date, opens_at: datetime, why: str
) -> None:
    """Give those of these ids a place on another day; counting them there is the caller's."""
    moved = update(places).where(places.c.id.in_(ids), places.c.over.is_(None))
    connection.execute(moved.values(day=day, opens_at=opens_at, why=why))


def call_overdue(connection: Connection, before: datetime, at: datetime) -> list[Overdue]:
    """Give, each once, who should have come before a moment and has not."""
    late = (
        select(places.c.id)
        .where(places.c.over.is_(None), places.c.called_at.is_(None), places.c.opens_at <= before)
        .order_by(places.c.opens_at)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    called = update(places).where(places.c.id.in_(late.scalar_subquery())).values(called_at=at)
    given = called.returning(places.c.id, places.c.workflow_id)
    return [Overdue(*row) for row in connection.execute(given)]


_BATCH = 500

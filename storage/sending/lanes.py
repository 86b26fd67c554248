"""Lines of mails by sender and by domain: what went, who waits, each locked by who asks."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    any_,
    cast,
    delete,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, array, insert
from sqlalchemy.types import BigInteger

from schemas.events import Room
from schemas.rates import Lane
from schemas.values import Value
from storage.rows import Instant, shaped
from storage.schema.cap_tables import deferrals, goes, lane_places, lanes
from storage.sending.deferrals import LASTS, MAIL, DeferralRow, MailId, of_the_living, room_for

MISSED = timedelta(minutes=10)
"""How long after its moment somebody who has not come keeps a place before others."""

KEPT = timedelta(hours=25)
"""How long is known when a mail went: longer than any rate looks back."""

_FORGOTTEN_AT_ONCE = 10


class Standing(Value):
    """A line: how many went in the last 24 hours, how many wait, and the last of their turns."""

    name: str
    went: int
    waiting: int
    last_wall: Instant | None


class Own(NamedTuple):
    """The place of a mail that waits already, in which line, and until when."""

    lane: str
    place: int
    until: datetime


def hold(connection: Connection, names: Collection[str]) -> list[Lane]:
    """Give the lines of these names, in order: nobody else asks there till the commit."""
    ordered = sorted(names)
    fresh = [{"name": name, "gone": 0} for name in ordered]
    connection.execute(insert(lanes).on_conflict_do_nothing(), fresh)
    found = select(lanes).where(lanes.c.name.in_(ordered)).order_by(lanes.c.name)
    return [Lane(*row) for row in connection.execute(found.with_for_update())]


def wall_now(connection: Connection) -> datetime:
    """Give the moment by the clock of PostgreSQL, the same for all workers."""
    now: datetime = connection.scalars(select(func.clock_timestamp())).one()
    return now


def own_place(connection: Connection, mail: MailId) -> Own | None:
    """Give the place that a mail has, if it waits for a rate."""
    columns = (deferrals.c.lane, deferrals.c.place, deferrals.c.lane_wall)
    waits = select(*columns).where(tuple_(*MAIL) == tuple_(*mail), LASTS, deferrals.c.lane != "")
    found = connection.execute(waits).first()
    return None if found is None else Own(*found)


def before(
    connection: Connection, lane: str, place: int | None, now: datetime, *, urgent: bool
) -> int:
    """Count who goes before a place in a line, or before whoever is new there.

    What is urgent goes before all that is not. Who has missed its moment is not waited for.
    """
    earlier: ColumnElement[bool] = true() if place is None else deferrals.c.place < place
    first = (deferrals.c.urgent & earlier) if urgent else or_(deferrals.c.urgent, earlier)
    missed = deferrals.c.lane_wall <= now - MISSED
    found = select(func.count()).where(deferrals.c.lane == lane, LASTS, first, ~missed)
    return connection.scalars(found).one()


def went(connection: Connection, lane: str, numbers: Collection[int]) -> dict[int, datetime]:
    """Tell when those of these numbers went, as far as that is not too long ago."""
    if not numbers:
        return {}
    asked = cast(array(sorted(numbers)), ARRAY(BigInteger))
    found = select(goes.c.number, goes.c.at_wall).where(goes.c.lane == lane)
    return dict(connection.execute(found.where(goes.c.number == any_(asked))).all())


def go(connection: Connection, held: Iterable[Lane], now: datetime) -> None:
    """Put down that a mail goes now in lines that are held, and forget what was long ago."""
    for lane in held:
        number = lane.gone + 1
        counted = {"gone": number, "first_wall": func.coalesce(lanes.c.first_wall, now)}
        connection.execute(update(lanes).where(lanes.c.name == lane.name).values(counted))
        entry = insert(goes).values(lane=lane.name, number=number, at_wall=now)
        connection.execute(entry)
        old = select(goes.c.number).where(goes.c.lane == lane.name, goes.c.at_wall < now - KEPT)
        few = old.order_by(goes.c.number).limit(_FORGOTTEN_AT_ONCE)
        connection.execute(delete(goes).where(goes.c.lane == lane.name, goes.c.number.in_(few)))


def leave(connection: Connection, mail: MailId, at: datetime) -> None:
    """Put down that a mail waits in no line any longer: it goes."""
    own = update(deferrals).where(tuple_(*MAIL) == tuple_(*mail), LASTS)
    connection.execute(own.where(deferrals.c.lane.is_not(None)).values(over_at=at))


def new_place(connection: Connection) -> int:
    """Give a place behind all that were given before, in whatever line."""
    return connection.scalars(select(lane_places.next_value())).one()


def all_waiting(connection: Connection, at: datetime) -> list[tuple[str, Room]]:
    """Give whom to tell that rates have changed, those that came first first."""
    found = of_the_living().where(deferrals.c.lane.is_not(None), LASTS)
    rows = connection.execute(found.order_by(deferrals.c.place)).mappings().all()
    return [(row["workflow_id"], room_for(shaped(DeferralRow, row), at)) for row in rows]


def standing(connection: Connection, most: int = 100) -> list[Standing]:
    """Give the lines in which somebody waits, or by which something went, the longest first."""
    day = goes.c.at_wall > func.now() - timedelta(days=1)
    gone = select(func.count()).where(goes.c.lane == lanes.c.name, day).scalar_subquery()
    in_line = (deferrals.c.lane == lanes.c.name, LASTS)
    waiting = select(func.count()).where(*in_line).scalar_subquery().label("waiting")
    last = select(func.max(deferrals.c.lane_wall)).where(*in_line).scalar_subquery()
    found = select(lanes.c.name, gone.label("went"), waiting, last.label("last_wall"))
    longest = found.order_by(waiting.desc(), lanes.c.name).limit(most)
    return [shaped(Standing, row) for row in connection.execute(longest).mappings()]


def leave_all(connection: Connection, at: datetime) -> None:
    """Put down that no mail waits for a rate any longer."""
    waits = (deferrals.c.lane.is_not(None), LASTS)
    connection.execute(update(deferrals).where(*waits).values(over_at=at))

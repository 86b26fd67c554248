"""How many a trigger has let in on a day, and until when somebody was left over."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import Insert, insert

from schemas.values import Value
from storage.entering.appointments import Of
from storage.rows import Instant
from storage.schema.trigger_tables import trigger_days


class Day(Value):
    """A trigger's day: who `entered`; whoever was due by `held_at` was held back on days before."""

    entered: int = 0
    held_at: Instant | None = None


def look(connection: Connection, of: Of, day: date) -> Day:
    """Give how a trigger's day stands."""
    here = (trigger_days.c.sequence == of.sequence, trigger_days.c.trigger == of.trigger)
    entered = select(trigger_days.c.entered).where(*here, trigger_days.c.day == day)
    held = select(func.max(trigger_days.c.held_at)).where(*here, trigger_days.c.day < day)
    return Day(entered=connection.scalar(entered) or 0, held_at=connection.scalar(held))


def held_at(connection: Connection, of: Of) -> datetime | None:
    """Give when somebody was last left over, if anybody ever was."""
    found = select(func.max(trigger_days.c.held_at)).where(
        trigger_days.c.sequence == of.sequence, trigger_days.c.trigger == of.trigger
    )
    at: datetime | None = connection.scalar(found)
    return at


def enter(connection: Connection, of: Of, day: date, count: int) -> None:
    """Count who enters."""
    entry = insert(trigger_days).values(**of._asdict(), day=day, entered=count)
    added = trigger_days.c.entered + entry.excluded.entered
    connection.execute(_onto(entry, {"entered": added}))


def hold(connection: Connection, of: Of, day: date, at: datetime) -> None:
    """Put down that the day was full at a moment, and somebody was left over."""
    entry = insert(trigger_days).values(**of._asdict(), day=day, held_at=at)
    connection.execute(_onto(entry, {"held_at": entry.excluded.held_at}))


def _onto(entry: Insert, changes: dict[str, object]) -> Insert:
    return entry.on_conflict_do_update(index_elements=["sequence", "trigger", "day"], set_=changes)

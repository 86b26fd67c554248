"""A trigger's day: what it lets in still, and who was held back before it began."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from activities.triggering.standing import Standing
from activities.zones import UNIVERSAL, is_zone, zone_table
from schemas.sequence import Sequence
from storage.entering import trigger_days
from workflows.moments.calendar import local, moment_of, start_of

BATCH = 200
"""How many appointments of one trigger fire in one transaction."""


class Today(NamedTuple):
    """A trigger's day at `now`, which began at `begins`; `room` is for how many of a batch.

    It has let in `entered` by then. Whoever was due by `held_at` was held back on days before.
    """

    now: datetime
    day: date
    zone: str
    begins: datetime
    held_at: datetime | None
    entered: int
    room: int


def look_at(connection: Connection, one: Standing, now: datetime) -> Today:
    """Look how a trigger's day stands."""
    zone = zone_table(day_zone(one.sequence), UNIVERSAL, now)
    day = local(now, zone).date()
    known, most = trigger_days.look(connection, one.of, day), one.trigger.per_day
    room = BATCH if most is None else min(BATCH, max(0, most - known.entered))
    begins = moment_of(start_of(day), zone)
    return Today(now, day, zone.name, begins, known.held_at, known.entered, room)


def day_zone(sequence: Sequence) -> str:
    """Give the zone by whose days `max` counts: the window's, its fallback's, else UTC."""
    window = sequence.window
    names = [window.zone, window.fallback] if window else []
    return next((name for name in names if name is not None and is_zone(name)), UNIVERSAL)

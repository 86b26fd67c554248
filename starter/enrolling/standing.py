"""How triggers stand: since when, who waits, how many were let in today, who was held back."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine

from activities.triggering.standing import Standing, standing
from activities.triggering.today import Today, look_at
from schemas.outcomes import Refused
from schemas.values import Moment, Value
from storage import versions
from storage.entering import appointments, starts, trigger_days, triggers
from workflows.telling.triggers import trigger_words


class TriggerStands(Value):
    """A trigger that stands since its first publishing, in the version that is published now.

    `looks` while it looks through who was there before it. `waiting` is whom the passing of time
    will bring, `next_at` when the first of them is due, and `left_over` who are due and held back;
    `held_at` is until when anybody was, if `max` ever held somebody back. `today` is how many it
    has asked for on the `day` of `zone`.
    """

    sequence: str
    trigger: str
    kind: Literal["event", "near", "inactive", "attribute"]
    version: str
    since: Moment
    backfill: Literal["none", "all"]
    looks: bool
    waiting: int
    next_at: Moment | None
    left_over: int
    held_at: Moment | None
    day: str
    zone: str
    today: int
    per_day: int | None


def standing_triggers(
    engine: Engine, sequence: str | None, now: datetime
) -> tuple[TriggerStands, ...] | Refused:
    """Tell how the triggers of a sequence stand, or all of them; only reads."""
    with engine.connect() as connection:
        if sequence is not None and versions.latest(connection, sequence) is None:
            message = f"no sequence {sequence} is published: run `postroad publish`"
            return Refused(reason="unknown_sequence", message=message)
        rows = triggers.listed(connection)
        wanted = [row for row in rows if sequence in (None, row.sequence)]
        found = sorted(standing(connection, wanted), key=_as_written)
        return tuple(_told(connection, one, now) for one in found)


def _as_written(one: Standing) -> tuple[str, int]:
    return one.row.sequence, one.sequence.triggers.index(one.trigger)


def _told(connection: Connection, one: Standing, now: datetime) -> TriggerStands:
    today = look_at(connection, one, now)
    count, following = appointments.waiting(connection, one.of)
    return TriggerStands(
        sequence=one.row.sequence,
        trigger=trigger_words(one.trigger),
        kind=one.trigger.kind,
        version=one.row.version,
        since=one.row.since,
        backfill=one.trigger.backfill,
        looks=one.row.filled_to is not None,
        waiting=count,
        next_at=following,
        left_over=appointments.overdue(connection, one.of, now),
        held_at=trigger_days.held_at(connection, one.of),
        day=today.day.isoformat(),
        zone=today.zone,
        today=_entered(connection, one, today),
        per_day=one.trigger.per_day,
    )


def _entered(connection: Connection, one: Standing, today: Today) -> int:
    if one.trigger.per_day is not None:
        return today.entered
    return starts.count_since(connection, one.of, today.begins)

"""Firing what is due: appointments become starts, so many a day as the trigger lets in."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.admitting.moving_up import call_overdue
from activities.triggering.entering import Entering
from activities.triggering.filling import fill
from activities.triggering.standing import Standing, standing
from activities.triggering.today import look_at
from schemas.triggers import Swept
from storage.entering import appointments, starts, trigger_days, triggers
from storage.entering.triggers import TriggerRow
from storage.people import contacts


def sweep(engine: Engine, now: datetime) -> Swept:
    """Fire one batch of each trigger's due appointments, and tell whether there may be more.

    Oldest first. An enrollment's own moment is that of its appointment, however late this comes;
    whoever was held back by `max` enters at 00:00 of the day that lets them in. Whoever has a place
    on a day that has come (`pace`), and has not come, is called.
    """
    with engine.begin() as connection:
        call_overdue(connection, now)
        rows = triggers.listed(connection)
    swept = [_sweep(engine, row, now) for row in rows if _comes_by_time(row)]
    return Swept(entered=sum(one.entered for one in swept), more=any(one.more for one in swept))


def _comes_by_time(row: TriggerRow) -> bool:
    return row.kind != "event" or row.filled_to is not None


def _sweep(engine: Engine, row: TriggerRow, now: datetime) -> Swept:
    if row.filled_to is not None:
        fill(engine, row)
    with engine.begin() as connection:
        found = standing(connection, [row]) if triggers.lock(connection, row) else []
        return _fire(connection, found[0], now) if found else Swept()


def _fire(connection: Connection, one: Standing, now: datetime) -> Swept:
    today = look_at(connection, one, now)
    waiting = appointments.due(connection, one.of, now, max(1, today.room))
    if waiting and not today.room:
        trigger_days.hold(connection, one.of, today.day, now)
    if not waiting or not today.room:
        return Swept()
    contacts.lock_all(connection, [each.contact_id for each in waiting])
    taken = appointments.take(connection, [each.id for each in waiting], now)
    asked = Entering(connection, one, today).ask(taken)
    starts.lay_out(connection, asked)
    entered = sum(new.refused is None for new in asked)
    trigger_days.enter(connection, one.of, today.day, entered)
    return Swept(entered=entered, more=True)

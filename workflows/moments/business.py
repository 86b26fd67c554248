"""Business days: neither of the weekend nor holidays (language rule 14)."""

from datetime import date, datetime, timedelta

from schemas.calendar import Duration, Unit, ZoneTable
from schemas.sequence import Sequence
from workflows.moments.calendar import later, local, moment_of

_DAY = timedelta(days=1)
_MOST_FREE_DAYS = 400


def lasting(sequence: Sequence, start: datetime, duration: Duration, zone: ZoneTable) -> datetime:
    """Give when a wait that begins at `start` is over; its own date does not count.

    Where no business day comes within 400 days, it is over after as many days of any kind.
    """
    if duration.unit is not Unit.BUSINESS_DAYS:
        return later(start, duration, zone)
    wall = local(start, zone)
    for _ in range(duration.count):
        day = _next_business(sequence, wall + _DAY)
        if day is None:
            return later(start, duration, zone)
        wall = day
    return max(start, moment_of(wall, zone))


def on_business_day(
    sequence: Sequence, moment: datetime, duration: Duration, zone: ZoneTable
) -> datetime:
    """Move the end of a wait in business days to one, at the same local time (rule 8)."""
    if duration.unit is not Unit.BUSINESS_DAYS or not duration.count:
        return moment
    wall = local(moment, zone)
    moved = _next_business(sequence, wall)
    return moment if moved is None or moved == wall else moment_of(moved, zone)


def is_business_day(sequence: Sequence, day: date) -> bool:
    """Tell whether people work on a date."""
    holidays = sequence.window.closed_on if sequence.window else ()
    return day.weekday() not in sequence.weekend and day not in holidays


def _next_business(sequence: Sequence, wall: datetime) -> datetime | None:
    days = (wall + ahead * _DAY for ahead in range(_MOST_FREE_DAYS))
    return next((day for day in days if is_business_day(sequence, day.date())), None)

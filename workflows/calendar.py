"""Local time from a zone's table of offsets: no clock, no tz database."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from schemas.calendar import Duration, Unit, Window, ZoneTable

_ELAPSED = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
_CALENDAR = {Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
_LOOK_AHEAD = 30
_DAY = timedelta(days=1)
_NINE = 9 * 60

# Adding to one of these costs a tenth of `replace(tzinfo=…)` (CPython 3.11), and a simulation
# does it a hundred times.
_NAIVE = datetime.combine(date.min, time.min)
_AWARE = datetime.combine(date.min, time.min, UTC)


def offset_at(moment: datetime, zone: ZoneTable) -> timedelta:
    """Give what local time is ahead of UTC at `moment`."""
    changes = zone.changes
    current = changes[0][1]
    for since, ahead in changes:
        if since > moment:
            break
        current = ahead
    return current


def local(moment: datetime, zone: ZoneTable) -> datetime:
    """Give the local wall time (naive) at `moment`."""
    return _NAIVE + (moment - _AWARE + offset_at(moment, zone))


def moment_of(wall: datetime, zone: ZoneTable) -> datetime:
    """Give the UTC moment of a local wall time (naive).

    One that exists twice is the first; one that does not exist is moved forward to the first
    that does (language rule 10).
    """
    universal = _AWARE + (wall - _NAIVE)
    leads = [ahead for ahead in zone.leads if offset_at(universal - ahead, zone) == ahead]
    return universal - max(leads) if leads else _end_of_gap(universal, zone)


def later(moment: datetime, duration: Duration, zone: ZoneTable) -> datetime:
    """Add a duration: minutes and hours elapse, days and weeks keep the local time (rule 12)."""
    if duration.unit in _ELAPSED:
        return moment + duration.count * _ELAPSED[duration.unit]
    wall = local(moment, zone) + duration.count * _CALENDAR[duration.unit]
    return max(moment, moment_of(wall, zone))


def next_midnight(moment: datetime, zone: ZoneTable) -> datetime:
    """Give the start of the local date after that of `moment`."""
    return moment_of(_start(local(moment, zone).date() + _DAY), zone)


def is_open(moment: datetime, window: Window | None, zone: ZoneTable) -> bool:
    """Tell whether marketing mails may go at `moment` (always, without a window)."""
    if window is None:
        return True
    wall = local(moment, zone)
    minute = wall.hour * 60 + wall.minute
    return wall.weekday() in window.days and any(a <= minute < b for a, b in window.ranges)


def next_open(moment: datetime, window: Window | None, zone: ZoneTable) -> datetime:
    """Give `moment` itself if the window is open then, else the next opening (rule 3)."""
    if window is None or is_open(moment, window, zone):
        return moment
    first = local(moment, zone).date()
    openings = (
        opening
        for day in (first + ahead * _DAY for ahead in range(_LOOK_AHEAD))
        if day.weekday() in window.days
        for opening in _openings(day, window, zone)
        if opening > moment and is_open(opening, window, zone)
    )
    return next(openings, moment)


def next_date_open(moment: datetime, window: Window | None, zone: ZoneTable) -> datetime:
    """Give the opening of the next open date after that of `moment`: 09:00 without a window."""
    midnight = next_midnight(moment, zone)
    if window is None:
        return day_moment(midnight, 1, _NINE, zone)
    return next_open(midnight, window, zone)


def day_moment(first: datetime, day: int, at_time: int | None, zone: ZoneTable) -> datetime:
    """Give when day `day` is due, `first` being day 1's moment (rule 1).

    `at_time` is in minutes since local midnight; without it the local time is that of day 1.
    """
    wall = local(first, zone) + (day - 1) * _DAY
    if at_time is not None:
        wall = _start(wall.date()) + timedelta(minutes=at_time)
    return moment_of(wall, zone)


def shown(moment: datetime, zone: ZoneTable) -> str:
    """Write a moment as local time with the zone's name, as people are shown it (rule 10)."""
    return f"{local(moment, zone):%a %d %b %Y %H:%M} {zone.name}"


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _openings(day: date, window: Window, zone: ZoneTable) -> list[datetime]:
    starts = [_start(day) + timedelta(minutes=opens) for opens, _ in window.ranges]
    return [moment_of(wall, zone) for wall in starts]


def _end_of_gap(universal: datetime, zone: ZoneTable) -> datetime:
    gaps = (
        since
        for (_, before), (since, after) in pairwise(zone.changes)
        if since + before <= universal < since + after
    )
    return next(gaps, universal)

"""Local time from a zone's table of offsets: no clock, no tz database."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from schemas.calendar import Duration, Unit, ZoneTable

_ELAPSED = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
_CALENDAR = {Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
_CALENDAR[Unit.BUSINESS_DAYS] = _CALENDAR[Unit.DAYS]
_DAY = timedelta(days=1)

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


def moments_of(wall: datetime, zone: ZoneTable) -> list[datetime]:
    """Give every UTC moment of a local wall time: two if it exists twice, else one as above."""
    universal = _AWARE + (wall - _NAIVE)
    leads = [ahead for ahead in zone.leads if offset_at(universal - ahead, zone) == ahead]
    if len(leads) > 1:
        return sorted(universal - ahead for ahead in leads)
    return [universal - leads[0] if leads else _end_of_gap(universal, zone)]


def later(moment: datetime, duration: Duration, zone: ZoneTable) -> datetime:
    """Add a duration: minutes and hours elapse, days and weeks keep the local time (rule 12).

    A business day counts as a day here; `workflows.moments.business` knows which days are ones.
    """
    if duration.unit in _ELAPSED:
        return moment + duration.count * _ELAPSED[duration.unit]
    wall = local(moment, zone) + duration.count * _CALENDAR[duration.unit]
    return max(moment, moment_of(wall, zone))


def earlier(moment: datetime, duration: Duration, zone: ZoneTable) -> datetime:
    """Take a duration away, likewise."""
    if duration.unit in _ELAPSED:
        return moment - duration.count * _ELAPSED[duration.unit]
    return moment_of(local(moment, zone) - duration.count * _CALENDAR[duration.unit], zone)


def next_midnight(moment: datetime, zone: ZoneTable) -> datetime:
    """Give the start of the local date after that of `moment`."""
    return moment_of(start_of(local(moment, zone).date() + _DAY), zone)


def day_moment(first: datetime, day: int, at_time: int | None, zone: ZoneTable) -> datetime:
    """Give when day `day` is due, `first` being day 1's moment (rule 1).

    `at_time` is in minutes since local midnight; without it the local time is that of day 1.
    """
    wall = local(first, zone) + (day - 1) * _DAY
    if at_time is not None:
        wall = start_of(wall.date()) + timedelta(minutes=at_time)
    return moment_of(wall, zone)


def shown(moment: datetime, zone: ZoneTable) -> str:
    """Write a moment as local time with the zone's name, as people are shown it (rule 10)."""
    return f"{shown_in(moment, zone)} {zone.name}"


def shown_in(moment: datetime, zone: ZoneTable) -> str:
    """Write a moment as local time without the zone's name, for a text that says it once."""
    return f"{local(moment, zone):%a %d %b %Y %H:%M}"


def start_of(day: date) -> datetime:
    """Give the wall time (naive) at which a date begins."""
    return datetime.combine(day, time.min)


def _end_of_gap(universal: datetime, zone: ZoneTable) -> datetime:
    gaps = (
        since
        for (_, before), (since, after) in pairwise(zone.changes)
        if since + before <= universal < since + after
    )
    return next(gaps, universal)

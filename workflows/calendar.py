"""Local time from a zone's table of offsets: no clock, no tz database."""

from datetime import date, datetime, time, timedelta

from schemas.calendar import Duration, Unit, Window, ZoneTable

_ELAPSED = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
_CALENDAR = {Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
_LOOK_AHEAD = 30
_DAY = timedelta(days=1)
_NINE = 9 * 60


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
    return moment.replace(tzinfo=None) + offset_at(moment, zone)


def moment_of(wall: datetime, zone: ZoneTable) -> datetime:
    """Give the UTC moment of a local wall time (naive).

    One that exists twice is the first; one that does not exist is moved forward to the first
    that does (language rule 10).
    """
    universal = wall.replace(tzinfo=zone.offsets[0].since.tzinfo)
    leads = [ahead for ahead in zone.leads if offset_at(universal - ahead, zone) == ahead]
    valid = [universal - ahead for ahead in leads]
    return min(valid) if valid else _end_of_gap(wall, zone)


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
        for ahead in range(_LOOK_AHEAD)
        for opening in _openings(first + ahead * _DAY, window, zone)
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


def _candidates(wall: datetime, zone: ZoneTable) -> list[datetime]:
    utc = zone.offsets[0].since.tzinfo
    seconds = {offset.seconds for offset in zone.offsets}
    return [(wall - timedelta(seconds=ahead)).replace(tzinfo=utc) for ahead in seconds]


def _end_of_gap(wall: datetime, zone: ZoneTable) -> datetime:
    gaps = (
        after.since
        for before, after in zip(zone.offsets, zone.offsets[1:], strict=False)
        if local(after.since, zone) > wall
        and after.since.replace(tzinfo=None) + timedelta(seconds=before.seconds) <= wall
    )
    return next(gaps, _candidates(wall, zone)[0])

"""Moments as people write them in scripts and expectations: a date and time, a day, a distance."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from activities.zones import UNIVERSAL, is_zone, zone_table
from authoring.text.durations import parse_time
from authoring.text.faults import Slip
from schemas.calendar import Duration, Unit
from schemas.progress import Progress
from workflows.moments.calendar import earlier, later, moment_of
from workflows.moments.days import day_of

Place = Callable[[Progress], datetime]
"""Finds a written moment (UTC), given an enrollment that has just begun."""

MOMENTS = "write `day 8 10:00`, `2026-03-04T10:15` or `+5d3h`"


def parse_moment(written: str) -> Place | Slip:
    """Read `day 8 10:00`, `2026-03-04T10:15`, `Wed 4 Mar 2026 10:15`, `+5d3h` or `-2d`.

    Day 1 is that of the sequence; a date and time is local to the zone in which the enrollment
    began, unless `Z`, an offset or a zone's name follows; a distance (weeks, days, hours, minutes)
    counts from the enrollment's own moment.
    """
    text = written.strip()
    for pattern, read in _READERS:
        match = pattern.fullmatch(text)
        if match is not None:
            return read(match)
    return Slip(text=text, problem=f"`{text}` is no moment", mend=MOMENTS)


def parse_date_time(written: str) -> datetime | Slip:
    """Read a date and time, with or without its weekday; naive unless it has an offset."""
    text = written.strip()
    match = _DATED.fullmatch(text)
    if match is None or match["zone"]:
        return Slip(text=text, problem=f"`{text}` is no date and time", mend=_DATES)
    return _date_time(match)


def _date_time(match: re.Match[str]) -> datetime | Slip:
    moment = _moment(match)
    if moment is None:
        return Slip(text=match[0], problem=f"`{match[0]}` is no date and time", mend=MOMENTS)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return Slip(text=match[0], problem=f"`{match[0]}` is too far off", mend=MOMENTS)
    weekday = f"{moment:%a}"
    if match["weekday"] and match["weekday"] != weekday:
        problem = f"{moment:%Y-%m-%d} is no {match['weekday']}"
        return Slip(text=match["weekday"], problem=problem, mend=f"it is a {weekday}")
    return moment


def _moment(match: re.Match[str]) -> datetime | None:
    day = match["iso"] or f"{match['year']}-{_MONTHS[match['month']]:02}-{int(match['day']):02}"
    try:
        return datetime.fromisoformat(f"{day}T{match['time']}{match['offset'] or ''}")
    except ValueError:
        return None


def _dated(match: re.Match[str]) -> Place | Slip:
    moment = _date_time(match)
    if isinstance(moment, Slip):
        return moment
    if moment.tzinfo is not None:
        return lambda _: moment.astimezone(UTC)
    return (
        _elsewhere(match, moment) if match["zone"] else lambda begun: moment_of(moment, begun.zone)
    )


def _elsewhere(match: re.Match[str], wall: datetime) -> Place | Slip:
    zone = match["zone"]
    if not is_zone(zone):
        mend = "write a name like `Europe/Berlin`"
        return Slip(
            offset=match.start("zone"), text=zone, problem=f"`{zone}` is no zone", mend=mend
        )
    table = zone_table(zone, UNIVERSAL, wall.replace(tzinfo=UTC))
    return lambda _: moment_of(wall, table)


def _day(match: re.Match[str]) -> Place | Slip:
    minutes, day = parse_time(match["time"]), int(match["day"])
    if isinstance(minutes, Slip) or not 1 <= day <= _LAST_DAY:
        return Slip(text=match[0], problem=f"`{match[0]}` is no day and time", mend=MOMENTS)
    return lambda begun: day_of(begun, day, minutes)


def _away(match: re.Match[str]) -> Place | Slip:
    parts = [Duration(count=int(match[unit] or 0), unit=unit) for unit in _LARGEST_FIRST]
    add = later if match["sign"] == "+" else earlier

    def place(begun: Progress) -> datetime:
        moment = begun.enrolled_at
        for part in parts:
            moment = add(moment, part, begun.zone) if part.count else moment
        return moment

    return place


_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_LARGEST_FIRST = (Unit.WEEKS, Unit.DAYS, Unit.HOURS, Unit.MINUTES)
_DATES = "write `2026-03-04T10:15` or `Wed 4 Mar 2026 10:15`"
_LAST_DAY, _FIRST_YEAR, _LAST_YEAR = 3_660, 1971, 2999
_DATED = re.compile(
    r"(?:(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?"
    r"(?:(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    rf"|(?P<day>[0-9]{{1,2}})\s+(?P<month>{'|'.join(_MONTH_NAMES)})\s+(?P<year>[0-9]{{4}}))"
    r"(?:T|\s+)(?P<time>[0-9]{2}:[0-9]{2})(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
    r"(?:\s+(?P<zone>[A-Z][A-Za-z0-9_+/-]*))?"
)
_READERS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Place | Slip]]] = [
    (re.compile(r"day\s+(?P<day>[0-9]{1,4})\s+(?P<time>[0-9]{2}:[0-9]{2})"), _day),
    (_DATED, _dated),
    (
        re.compile(
            r"(?P<sign>[+-])(?=[0-9])((?P<weeks>[0-9]{1,3})w)?((?P<days>[0-9]{1,4})d)?"
            r"((?P<hours>[0-9]{1,4})h)?((?P<minutes>[0-9]{1,5})m)?"
        ),
        _away,
    ),
]

"""When the send window is open (language rules 3 and 14)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from schemas.calendar import Window, ZoneTable
from schemas.steps import UntilStep
from workflows.moments.calendar import (
    day_moment,
    local,
    moment_of,
    moments_of,
    next_midnight,
    offset_at,
    start_of,
)

_LOOK_AHEAD = 400
_DAY = timedelta(days=1)
_NINE = 9 * 60
_LONGEST_GAP = timedelta(days=1)
_LONGEST_DAY = timedelta(days=2)
_MINUTE = timedelta(minutes=1)


def is_open(moment: datetime, window: Window | None, zone: ZoneTable) -> bool:
    """Tell whether marketing mails may go at `moment` (always, without a window)."""
    if window is None:
        return True
    wall = local(moment, zone)
    minute = wall.hour * 60 + wall.minute
    in_range = any(opens <= minute < closes for opens, closes in window.ranges)
    return in_range and is_open_date(wall.date(), window)


def is_open_date(day: date, window: Window) -> bool:
    """Tell whether the window opens on a date: a day of its own that is no holiday."""
    return day.weekday() in window.days and day not in window.closed_on


def is_opening(moment: datetime, window: Window | None, zone: ZoneTable) -> bool:
    """Tell whether the window opens at this very minute (never, without a window)."""
    if window is None:
        return False
    wall = local(moment, zone)
    minute = wall.hour * 60 + wall.minute
    if all(opens != minute for opens, _ in window.ranges) and not _just_changed(moment, zone):
        return False
    return moment in _openings(wall.date(), window, zone) and is_open(moment, window, zone)


def next_open(moment: datetime, window: Window | None, zone: ZoneTable) -> datetime | None:
    """Give `moment` itself if the window is open then, else the next opening (rule 3).

    None if it does not open within 400 days.
    """
    if window is None or is_open(moment, window, zone):
        return moment
    first = local(moment, zone).date()
    return next(
        (opening for opening in _from(first, 1, window, zone) if opening > moment),
        None,
    )


def earlier_open(moment: datetime, window: Window | None, zone: ZoneTable) -> datetime | None:
    """Give `moment` itself if the window is open then, else the last opening before it (rule 3).

    Before the first opening of a date on which it opens, it is that opening. None if it did not
    open within 400 days.
    """
    if window is None or is_open(moment, window, zone):
        return moment
    day = local(moment, zone).date()
    own = [one for one in _openings(day, window, zone) if is_open(one, window, zone)]
    if own and moment < own[0]:
        return own[0]
    return next(
        (opening for opening in _from(day, -1, window, zone) if opening < moment),
        None,
    )


def opening_on(day: date, window: Window | None, zone: ZoneTable) -> datetime:
    """Give when the window first opens on a date, were it one of its own: 09:00 without one."""
    minute = window.ranges[0][0] if window else _NINE
    return moment_of(start_of(day) + timedelta(minutes=minute), zone)


def next_weekday(
    moment: datetime, step: UntilStep, window: Window | None, zone: ZoneTable
) -> datetime:
    """Give the next moment on one of the step's weekdays, that of `moment` included.

    At the step's `at_time`, else when the window opens on that date (09:00 without one).
    """
    first = local(moment, zone).date()
    days = (first + ahead * _DAY for ahead in range(8))
    opens = (opening_on(day, window, zone) for day in days if day.weekday() in step.days)
    moments = (day_moment(at, 1, step.at_time, zone) for at in opens)
    return next((at for at in moments if at >= moment), moment)


def next_date_open(moment: datetime, window: Window | None, zone: ZoneTable) -> datetime | None:
    """Give the opening of the next open date after that of `moment`: 09:00 without a window."""
    midnight = next_midnight(moment, zone)
    if window is None:
        return day_moment(midnight, 1, _NINE, zone)
    return next_open(midnight, window, zone)


def _just_changed(moment: datetime, zone: ZoneTable) -> bool:
    # An opening within the gap of a clock change is at another minute.
    return offset_at(moment, zone) != offset_at(moment - _LONGEST_GAP, zone)


def _from(first: date, step: int, window: Window, zone: ZoneTable) -> Iterator[datetime]:
    for ahead in range(_LOOK_AHEAD):
        day = first + step * ahead * _DAY
        if is_open_date(day, window):
            for opening in _openings(day, window, zone)[::step]:
                if is_open(opening, window, zone):
                    yield opening


def _openings(day: date, window: Window, zone: ZoneTable) -> list[datetime]:
    starts = [start_of(day) + timedelta(minutes=opens) for opens, _ in window.ranges]
    # A window that opens in an hour that exists twice opens twice.
    openings = [moment for wall in starts for moment in moments_of(wall, zone)]
    return sorted({*openings, *_reopenings(day, openings[0], window, zone)})


def _reopenings(day: date, first: datetime, window: Window, zone: ZoneTable) -> Iterator[datetime]:
    """Give when a clock that is put back leads into the window again."""
    near = (since for since, _ in zone.changes[1:] if abs(since - first) < _LONGEST_DAY)
    for since in near:
        opened = is_open(since, window, zone) and not is_open(since - _MINUTE, window, zone)
        if opened and local(since, zone).date() == day:
            yield since

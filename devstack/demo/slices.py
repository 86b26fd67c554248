"""Where a slice of virtual time ends: twice a day, minutes away from anything that is due."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

_MARKS = (8, 20)
"""Hours (UTC): at the first the day is done from Halifax to Honolulu, and no window is open."""

_LEAST = timedelta(hours=1)
_MINUTES = 60


def next_end(now: datetime, in_use: Collection[int]) -> datetime:
    """Give the end of the slice that begins at `now` (UTC), about half a day later.

    A skip that ends exactly at a due moment may pass over it. `in_use` are the minutes of the hour
    at which something may be due; openings (minute 0) and doubts (half an hour after a mail) are
    seen to here.
    """
    due = {*in_use, *((minute + 30) % _MINUTES for minute in in_use), 0, 30}
    minute = freest(due)
    today = now.replace(hour=0, minute=minute, second=0, microsecond=0)
    marks = (
        today + timedelta(days=days, hours=hour) for days in range(3) for hour in sorted(_MARKS)
    )
    return next(mark for mark in marks if mark >= now + _LEAST)


def freest(in_use: Iterable[int]) -> int:
    """Give the minute of the hour that is farthest from all these, the earliest of the best."""
    taken = tuple(in_use)
    return max(
        range(_MINUTES),
        key=lambda minute: (min(_apart(minute, other) for other in taken), -minute),
    )


def _apart(one: int, other: int) -> int:
    between = abs(one - other)
    return min(between, _MINUTES - between)

"""Time zones read once, into tables that no later update of the tz database changes."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.calendar import Offset, ZoneTable
from schemas.contact import Contact
from schemas.sequence import Sequence

UNIVERSAL = "UTC"

_BEFORE, _AHEAD = timedelta(days=1), timedelta(days=3 * 366)
_STEP, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_KEPT = 1024


def zone_name(sequence: Sequence, contact: Contact) -> str:
    """Give the one zone of an enrollment: the window's, the contact's, the fallback's, else UTC.

    A name that the tz database does not have counts as none (language rule 10).
    """
    window = sequence.window
    names = [window.zone, contact.timezone, window.fallback] if window else [contact.timezone]
    return next((name for name in names if name is not None and is_zone(name)), UNIVERSAL)


def zone_table(name: str | None, fallback: str, around: datetime) -> ZoneTable:
    """Give the offsets of a zone from the day before `around` over three years.

    An unknown name, or none, counts as `fallback`; ZoneInfoNotFoundError if that is unknown.
    """
    known = name if name is not None and is_zone(name) else fallback
    start = around.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return _table(known, start - _BEFORE)


@lru_cache(maxsize=_KEPT)
def is_zone(name: str) -> bool:
    """Tell whether the tz database has a zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A name such as `Europe` is a directory there, one such as `../x` no key.
        return False
    return True


@lru_cache(maxsize=_KEPT)
def _table(name: str, start: datetime) -> ZoneTable:
    zone = ZoneInfo(name)
    offsets = [Offset(since=start, seconds=_seconds(start, zone))]
    day = start
    while day < start + _BEFORE + _AHEAD:
        day += _STEP
        seconds = _seconds(day, zone)
        if seconds != offsets[-1].seconds:
            offsets.append(Offset(since=_change(day - _STEP, day, zone), seconds=seconds))
    return ZoneTable(name=name, offsets=tuple(offsets))


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    old = _seconds(before, zone)
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        if _seconds(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _seconds(moment: datetime, zone: tzinfo) -> int:
    ahead = moment.astimezone(zone).utcoffset()
    return int(ahead.total_seconds()) if ahead is not None else 0

"""Moments counted from dates, of the contact or of the enrollment (rules 1, 6 and 9)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from pydantic import JsonValue

from schemas.calendar import Unit, Window, ZoneTable
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.steps import At, EmailStep
from schemas.values import cut
from workflows.deciding.facts import history, zone_at
from workflows.deciding.saying import shown_value
from workflows.moments.calendar import day_moment, earlier, later, local, moment_of
from workflows.moments.windows import opening_on


class Aim(NamedTuple):
    """When a mail is due by its date; None: the date is missing, or cannot be read as one.

    `known_at` is since when that is so; `past` tells whether it was past already by then. Another
    value by which the mail is due at the same moment is nothing new.
    """

    due: datetime | None
    known_at: datetime
    past: bool = False


class _Plan(NamedTuple):
    window: Window | None
    zone: ZoneTable
    at: At
    at_time: int | None


def aimed(sequence: Sequence, progress: Progress, at: At, at_time: int | None) -> Aim:
    """Find when a mail is due by its date as it is known now, before any rolling."""
    plan = _Plan(sequence.window, progress.zone, at, at_time)
    known = [
        (_due(plan, read_date(value)), known_at, value)
        for known_at, value in reversed(history(progress, at.anchor))
    ]
    due = known[0][0]
    _, known_at, value = list(takewhile(lambda one: one[0] == due, known))[-1]
    then = plan._replace(zone=zone_at(progress, known_at))
    return Aim(due, known_at, _was_past(then, read_date(value), known_at))


def told_date(progress: Progress, at: At) -> str:
    """Say when a mail is due by its date, and what the date is."""
    name, value = f"{at.anchor.of}.{at.anchor.path}", history(progress, at.anchor)[-1][1]
    known = "is not there" if value is None else f"is {shown_value(value)}"
    return f"{at.text}, which {known}" if at.text == name else f"{at.text}; {name} {known}"


def due_by(
    sequence: Sequence, step: EmailStep, value: JsonValue, zone: ZoneTable
) -> datetime | None:
    """Give when a mail is due by a value of its date, before any rolling; None if by none."""
    if step.at is None:
        return None
    return _due(_Plan(sequence.window, zone, step.at, step.at_time), read_date(value))


def read_date(value: JsonValue) -> date | datetime | None:
    """Read ISO 8601 text as a date, or as a date and time (naive: local); None if it is neither.

    Years before 1970 and after 2999 count as slips of the pen.
    """
    if not isinstance(value, str):
        return None
    readers: tuple[Callable[[str], date | datetime], ...]
    readers = date.fromisoformat, datetime.fromisoformat
    for read in readers:
        with suppress(ValueError):
            found = read(value.strip())
            return found if found.year in _YEARS else None
    return None


def date_of(value: JsonValue, zone: ZoneTable) -> date | None:
    """Give the local date of a value, if it can be read as one."""
    read = read_date(value)
    if isinstance(read, datetime):
        return local(read, zone).date() if read.tzinfo else read.date()
    return read


def _was_past(plan: _Plan, anchor: date | datetime | None, known_at: datetime) -> bool:
    due, zone = _due(plan, anchor), plan.zone
    if due is None:
        return False
    if isinstance(anchor, datetime):
        return due < known_at
    return local(due, zone).date() < local(known_at, zone).date()


def _due(plan: _Plan, anchor: date | datetime | None) -> datetime | None:
    if anchor is None:
        return None
    due = _plain(plan, anchor)
    return due if plan.at_time is None else day_moment(due, 1, plan.at_time, plan.zone)


def _plain(plan: _Plan, anchor: date | datetime) -> datetime:
    at, zone = plan.at, plan.zone
    if isinstance(anchor, datetime):
        return _offset(_moment(anchor, zone), at, zone)
    if at.by is None or at.by.unit in _ELAPSING:
        return _offset(opening_on(anchor, plan.window, zone), at, zone)
    days = at.by.count * _DAYS[at.by.unit]
    day = anchor - days if at.before else anchor + days
    return opening_on(day, plan.window, zone)


def _moment(anchor: datetime, zone: ZoneTable) -> datetime:
    whole = anchor.replace(second=0, microsecond=0)
    return cut(whole) if whole.tzinfo else moment_of(whole, zone)


def _offset(start: datetime, at: At, zone: ZoneTable) -> datetime:
    if at.by is None:
        return start
    return earlier(start, at.by, zone) if at.before else later(start, at.by, zone)


_ELAPSING = (Unit.MINUTES, Unit.HOURS)
_DAYS = {Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
_DAYS[Unit.BUSINESS_DAYS] = _DAYS[Unit.DAYS]
_YEARS = range(1970, 3000)

"""What local time needs: durations, windows, and a zone's offsets as plain numbers."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.values import Moment, Value

Weekday = Annotated[int, Field(ge=0, le=6)]
Minute = Annotated[int, Field(ge=0, le=1440)]

SATURDAY, SUNDAY = 5, 6


class Unit(StrEnum):
    """A duration's unit; days and weeks are local calendar days (language rules 12 and 14)."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    BUSINESS_DAYS = "business days"


_MOST = {Unit.MINUTES: 5_270_400, Unit.HOURS: 87_840, Unit.DAYS: 3_660, Unit.WEEKS: 522}
_MOST[Unit.BUSINESS_DAYS] = 2_600


class Duration(Value):
    """So many of one unit."""

    count: int = Field(ge=0)
    unit: Unit

    @property
    def words(self) -> str:
        """Say it as people do: `1 day`, `2 weeks`."""
        unit = self.unit.removesuffix("s") if self.count == 1 else self.unit
        return f"{self.count} {unit}"

    @model_validator(mode="after")
    def _at_most_ten_years(self) -> Self:
        if self.count > _MOST[self.unit]:
            raise ValueError(f"{self.words} is longer than ten years; shorten it")
        return self


class Window(Value):
    """When marketing mails may go, in the enrollment's zone.

    `days` are weekdays (0 is Monday); `ranges` are half-open, in minutes since local midnight,
    sorted and apart (language rule 3). On `holidays` it is closed; `holidays_of` is whose they
    are: a country's code, or "contact" for those of the contact's own country (rule 14).
    """

    days: tuple[Weekday, ...] = Field(min_length=1)
    ranges: tuple[tuple[Minute, Minute], ...] = Field(min_length=1)
    zone: str | None = None
    fallback: str | None = None
    holidays: tuple[date, ...] = ()
    holidays_of: str | None = None

    @cached_property
    def words(self) -> str:
        """Say it as it is written: `mon-fri 09:00-17:00`."""
        hours = " and ".join(f"{_hour(opens)}-{_hour(closes)}" for opens, closes in self.ranges)
        return f"{_days(self.days)} {hours}"

    @cached_property
    def closed_on(self) -> frozenset[date]:
        """The holidays, for a quick look."""
        return frozenset(self.holidays)


def _days(days: tuple[Weekday, ...]) -> str:
    held = sorted(set(days))
    if len(held) == len(_DAY_NAMES):
        return "every day"
    firsts = [day for day in held if (day - 1) % 7 not in held]
    return ", ".join(_run(first, set(held)) for first in firsts)


def _run(first: int, held: set[int]) -> str:
    last = first
    while (last + 1) % 7 in held:
        last = (last + 1) % 7
    return _DAY_NAMES[first] if first == last else f"{_DAY_NAMES[first]}-{_DAY_NAMES[last]}"


def _hour(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Offset(Value):
    """From `since` (UTC) on, local time is UTC plus `seconds`."""

    since: Moment
    seconds: int


class ZoneTable(Value):
    """A zone's offsets over the enrollment's horizon, so that no tz update changes a replay.

    `offsets` are in order of `since`; the first one also counts for all time before it.
    """

    name: str
    offsets: tuple[Offset, ...] = Field(min_length=1)

    @cached_property
    def changes(self) -> tuple[tuple[datetime, timedelta], ...]:
        """Since when, what local time is ahead of UTC, in order."""
        return tuple((one.since, timedelta(seconds=one.seconds)) for one in self.offsets)

    @cached_property
    def leads(self) -> frozenset[timedelta]:
        """All that local time is ever ahead of UTC."""
        return frozenset(ahead for _, ahead in self.changes)

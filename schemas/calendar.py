"""What local time needs: durations, windows, and a zone's offsets as plain numbers."""

from enum import StrEnum

from schemas.values import Moment, Value


class Unit(StrEnum):
    """A duration's unit; days and weeks are local calendar days (language rule 12)."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


class Duration(Value):
    """So many of one unit."""

    count: int
    unit: Unit


class Window(Value):
    """When marketing mails may go, in the enrollment's zone.

    `days` are weekdays (0 is Monday); `ranges` are half-open, in minutes since local midnight,
    sorted and apart (language rule 3).
    """

    days: tuple[int, ...]
    ranges: tuple[tuple[int, int], ...]
    zone: str | None = None
    fallback: str | None = None


class Offset(Value):
    """From `since` (UTC) on, local time is UTC plus `seconds`."""

    since: Moment
    seconds: int


class ZoneTable(Value):
    """A zone's offsets over the enrollment's horizon, so that no tz update changes a replay.

    `offsets` are in order of `since`; the first one also counts for all time before it.
    """

    name: str
    offsets: tuple[Offset, ...]

"""Real and virtual time."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from pydantic import AwareDatetime, TypeAdapter, ValidationError

Clock: TypeAlias = Callable[[], datetime]

VIRTUAL_MOMENT = "seq_at"
"""The custom arg that carries the virtual moment of a send: ISO 8601 or Unix seconds."""

_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


def wall_clock() -> datetime:
    """Give the real time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the edge where the emulator gets its clock


def moment_of(custom_args: Mapping[str, str], now: datetime) -> datetime:
    """Give the virtual moment of a send in UTC; real time if its arguments name none."""
    try:
        return _MOMENT.validate_python(custom_args[VIRTUAL_MOMENT]).astimezone(UTC)
    except (KeyError, ValidationError):
        return now


def doubled_pauses(first: timedelta, longest: timedelta) -> Callable[[int], timedelta]:
    """Give how long to pause after the nth attempt (from 1): doubling up to the longest."""
    return lambda attempt: min(longest, first * 2 ** min(attempt - 1, 30))

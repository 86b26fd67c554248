"""The wall clock, for edges only: below one, time is an argument."""

from datetime import UTC, datetime


def wall_now() -> datetime:
    """Give this machine's time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 the one place where an edge asks the clock

"""Which moment counts for what comes in: one that was said, or that of its arrival."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from fastapi import Request

from runtime.clock import wall_now

Clock = Callable[[], datetime]

_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Moments:
    """Which moment counts for what comes in.

    With `virtual` time (development only) a moment that was said counts even if it lies ahead,
    and a request may say its own by its Date header (RFC 9110 section 6.6.1).
    """

    clock: Clock = wall_now
    virtual: bool = False

    def arrival(self, request: Request) -> datetime:
        """Give the moment at which the request counts as arrived."""
        said = _date(request) if self.virtual else None
        return said or self.clock()

    def is_ahead(self, said: datetime, arrival: datetime) -> bool:
        """Tell whether `said` lies too far ahead to be believed."""
        return not self.virtual and said > arrival + _AHEAD

    def of_event(self, said: datetime | None, arrival: datetime) -> datetime:
        """Give the moment of an event: what its sender says, unless that lies ahead."""
        return arrival if said is None or self.is_ahead(said, arrival) else said

    def of_change(
        self, said: datetime | None, request: Request, arrival: datetime
    ) -> datetime | None:
        """Give the moment of a change: what its sender says, or its arrival.

        None in virtual time, if the request says neither: then its enrollment's own clock counts.
        """
        if said is not None or not self.virtual:
            return said or arrival
        return _date(request)

    def of_mail(self, said: datetime | None, arrival: datetime) -> datetime:
        """Give the moment of a mail: its arrival, since anyone can write any date into a mail."""
        return said if self.virtual and said else arrival


def _date(request: Request) -> datetime | None:
    try:
        return parsedate_to_datetime(request.headers.get("date", "")).replace(tzinfo=UTC)
    except ValueError:
        return None

"""Rates: how many mails of one sender, and to one recipient domain, may go within which time."""

from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import Field

from schemas.values import Value


class WarmUp(Value):
    """So many on a new sender's first day, and each day `times` as many as on the day before."""

    first: int = Field(ge=1)
    times: float = Field(gt=1)


class Limit(NamedTuple):
    """At most so many within a time, whenever it begins, as people say it."""

    most: int
    within: timedelta
    words: str


class Lane(NamedTuple):
    """The line of one sender, or to one domain: how many went, and when the first of all."""

    name: str
    gone: int = 0
    first_at: datetime | None = None


class Rate(Value):
    """How many mails at most: without a number there is no such limit.

    A `warm_up` grows up to `per_day`.
    """

    per_second: int | None = Field(default=None, ge=1)
    per_hour: int | None = Field(default=None, ge=1)
    per_day: int | None = Field(default=None, ge=1)
    warm_up: WarmUp | None = None

    def limits(self, day: int) -> tuple[Limit, ...]:
        """Give the limits on a day, counted from 0 on since the first mail of all."""
        full = self.per_day
        most = full if full is None or self.warm_up is None else self._warm(full, self.warm_up, day)
        warms = " while it warms up" if most != full else ""
        named = (
            (self.per_second, timedelta(seconds=1), "a second"),
            (self.per_hour, timedelta(hours=1), "an hour"),
            (most, timedelta(days=1), f"a day{warms}"),
        )
        return tuple(Limit(n, long, f"{n} {of}") for n, long, of in named if n is not None)

    @property
    def warm_days(self) -> int:
        """On how many days it is not at its full rate."""
        if self.per_day is None or self.warm_up is None:
            return 0
        day = 0
        while self._warm(self.per_day, self.warm_up, day) < self.per_day:
            day += 1
        return day

    @property
    def words(self) -> str:
        """Say it as people do: `5 a second and 2000 a day`."""
        most = " and ".join(limit.words for limit in self.limits(self.warm_days)) or "any number"
        if self.warm_up is None:
            return most
        return f"{most}, from {self.warm_up.first} on the first day on {self.warm_up.times:g} times"

    @staticmethod
    def _warm(full: int, warm_up: WarmUp, day: int) -> int:
        # Beyond this it is any full rate, and no number that a computer has.
        grown = warm_up.first * warm_up.times ** min(day, _LONGEST_WARM_UP)
        return full if day >= _LONGEST_WARM_UP else min(full, int(grown))


class Rates(Value):
    """The project's rates: of each sender and to each domain, and what differs for some."""

    sender: Rate | None = None
    senders: dict[str, Rate] = Field(default_factory=dict)
    domain: Rate | None = None
    domains: dict[str, Rate] = Field(default_factory=dict)

    def of_sender(self, address: str) -> Rate | None:
        """Give the rate of a sender, whose address is in small letters."""
        return self.senders.get(address, self.sender)

    def of_domain(self, domain: str) -> Rate | None:
        """Give the rate to a recipient domain."""
        return self.domains.get(domain, self.domain)

    @property
    def words(self) -> str:
        """Say them as people do."""
        usual = {"each sender": self.sender, "each domain": self.domain}
        named = {**usual, **self.senders, **self.domains}
        told = (f"{name}: {rate.words}" for name, rate in named.items() if rate is not None)
        return "; ".join(told) or "no rates"


_LONGEST_WARM_UP = 366

"""Breakers: what keeps mails back by itself when too many before them bounce or are reported."""

from datetime import timedelta

from pydantic import Field

from schemas.brakes import Concern
from schemas.calendar import Duration, Unit
from schemas.values import Value


class Breaker(Value):
    """From which rates on mails are kept back, in hundredths of a percent of those accepted.

    Nothing is judged by fewer mails than `at_least`, nor by older ones than `within`. For
    `probe_after` nothing goes; then a few mails do, and are watched for as long.
    """

    bounces: int = Field(default=500, ge=1, le=10_000)
    complaints: int = Field(default=10, ge=1, le=10_000)
    at_least: int = Field(default=50, ge=1)
    within: Duration = Duration(count=7, unit=Unit.DAYS)
    probe_after: Duration = Duration(count=1, unit=Unit.HOURS)

    @property
    def window(self) -> timedelta:
        """How far back it looks."""
        return _long(self.within)

    @property
    def pause(self) -> timedelta:
        """How long nothing goes, and how long those that try it are watched."""
        return _long(self.probe_after)

    @property
    def words(self) -> str:
        """Say it as people do."""
        return (
            f"{percent(self.bounces)} bounces, {percent(self.complaints)} complaints, of at least"
            f" {self.at_least} mails within {self.within.words},"
            f" tried after {self.probe_after.words}"
        )


class Breakers(Value):
    """The project's breakers: the usual one, others by sequence and sender (None: there is none).

    `notify` is the address or the URL that is told when one opens and closes.
    """

    usual: Breaker | None = Breaker()
    sequences: dict[str, Breaker | None] = Field(default_factory=dict)
    senders: dict[str, Breaker | None] = Field(default_factory=dict)
    notify: str | None = None

    @property
    def words(self) -> str:
        """Say them as people do."""
        named = (*self.sequences.items(), *self.senders.items())
        own = [_own_words(name, one) for name, one in named]
        told = [f"tells {self.notify}"] if self.notify else []
        return "; ".join([_words(self.usual), *own, *told])

    def of(self, concern: Concern, target: str) -> Breaker | None:
        """Give the breaker of a sequence or of a sender, whose address is in small letters."""
        own = self.sequences if concern == "sequence" else self.senders
        return own.get(target, self.usual)


class Counts(Value):
    """Of how many mails that SendGrid accepted how many bounced for good, and were reported.

    `turned_away` bounced otherwise: a full mailbox, a server that blocks. These say nothing of
    the addresses and open no breaker.
    """

    sent: int = 0
    bounced: int = 0
    complained: int = 0
    turned_away: int = 0


def percent(hundredths: int) -> str:
    """Write hundredths of a percent: `5 %`, `0.1 %`."""
    return f"{hundredths / 100:g} %"


def _words(breaker: Breaker | None) -> str:
    return "no breakers" if breaker is None else breaker.words


def _own_words(name: str, breaker: Breaker | None) -> str:
    return f"{name}: {_words(breaker)}"


def _long(duration: Duration) -> timedelta:
    return duration.count * _LENGTHS[duration.unit]


_LENGTHS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WEEKS: timedelta(weeks=1),
    Unit.BUSINESS_DAYS: timedelta(days=1),
}

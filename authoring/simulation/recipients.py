"""Random recipients whose every deed follows from hashes: a seed tells the same story for ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from authoring.simulation.rates import Rates, RatesByStep
from schemas.calendar import ZoneTable
from schemas.events import (
    AppEvent,
    AutoReply,
    Bounce,
    Click,
    Complaint,
    Event,
    Open,
    Reply,
    TaskDone,
    Unsubscribe,
)
from schemas.progress import Mail, OpenTask
from workflows.deciding.variants import share
from workflows.moments.calendar import local, moment_of

_WHOLE = 2**32
_MINUTE = timedelta(minutes=1)
_SOON, _DAY, _LONG = 10, 1_440, 4_320
_LONGEST_AWAY = 10


@dataclass(frozen=True)
class Lots:
    """A stream of numbers that follows from its name alone, in any order and on any machine."""

    name: str

    def draw(self, *about: object) -> int:
        """Give a number from 0 up to but without 2^32, by hash of the name and `about`."""
        return share("|".join([self.name, *map(str, about)])) % _WHOLE

    def falls(self, rate: float, *about: object) -> bool:
        """Tell whether something that happens at this rate happens here."""
        return self.draw(*about) < int(rate * _WHOLE)

    def minutes(self, most: int, *about: object) -> int:
        """Give a delay of 1 to `most` minutes; half of them are within an eighth of that."""
        lot = self.draw(*about, "when")
        return 1 + (lot**3 * most) // _WHOLE**3


@dataclass(frozen=True)
class Recipient:
    """Somebody who reads, answers or leaves as the rates have it."""

    lots: Lots
    rates: RatesByStep

    def after_mail(self, mail: Mail, zone: ZoneTable) -> Iterator[Event]:
        """Give what follows from a mail, each with its moment."""
        rates = self.rates.of(mail.step)
        if self._falls(rates.bounce, mail, "bounce"):
            yield Bounce(id=_mark(mail, "bounce"), at=mail.at + _MINUTE)
            return
        if self._falls(rates.out_of_office, mail, "away"):
            yield self._away(mail, zone)
        yield from self._read(rates, mail)
        yield from self._opted_out(rates, mail)
        for name, rate in sorted(rates.events.items()):
            if self._falls(rate, mail, name):
                at = self._later(mail, _LONG, name)
                yield AppEvent(id=_mark(mail, name), at=at, name=name)

    def after_task(self, task: OpenTask) -> Iterator[Event]:
        """Give what follows from a task: it is done, or nothing."""
        rate, about = self.rates.of(task.step).task, (task.step, task.occurrence, "task")
        if self.lots.falls(rate, *about):
            at = task.at + self.lots.minutes(_DAY, *about) * _MINUTE
            mark = f"task.{task.step}.{task.occurrence}"
            yield TaskDone(id=mark, at=at, step=task.step, occurrence=task.occurrence)

    def _read(self, rates: Rates, mail: Mail) -> Iterator[Event]:
        opened = self._later(mail, _DAY, "open")
        clicks = self._falls(rates.click, mail, "click")
        if clicks or self._falls(rates.open, mail, "open"):
            yield Open(id=_mark(mail, "open"), at=opened, step=mail.step)
        if clicks:
            yield Click(id=_mark(mail, "click"), at=opened + _MINUTE, step=mail.step)
        if self._falls(rates.reply, mail, "reply"):
            yield Reply(id=_mark(mail, "reply"), at=self._later(mail, _LONG, "reply"))

    def _opted_out(self, rates: Rates, mail: Mail) -> Iterator[Event]:
        if self._falls(rates.unsubscribe, mail, "unsubscribe"):
            at = self._later(mail, _DAY, "unsubscribe")
            yield Unsubscribe(id=_mark(mail, "unsubscribe"), at=at)
        if self._falls(rates.complaint, mail, "complaint"):
            at = self._later(mail, _DAY, "complaint")
            yield Complaint(id=_mark(mail, "complaint"), at=at)

    def _away(self, mail: Mail, zone: ZoneTable) -> Event:
        days = 1 + self.lots.draw(mail.step, mail.occurrence, "back") % _LONGEST_AWAY
        back = local(mail.at, zone).date() + timedelta(days=days)
        until = moment_of(datetime.combine(back, time.min), zone)
        return AutoReply(id=_mark(mail, "away"), at=mail.at + _MINUTE, until=until)

    def _falls(self, rate: float, mail: Mail, what: str) -> bool:
        return bool(rate) and self.lots.falls(rate, mail.step, mail.occurrence, what)

    def _later(self, mail: Mail, most: int, what: str) -> datetime:
        return mail.at + self.lots.minutes(most, mail.step, mail.occurrence, what) * _MINUTE


def _mark(mail: Mail, what: str) -> str:
    return f"{what}.{mail.step}.{mail.occurrence}"

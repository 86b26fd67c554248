"""What the claim of a mail answers, without a database: it goes, or what stands in the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from authoring.simulation.admitting import asked
from authoring.simulation.answering import answers, name_of
from authoring.simulation.happenings import OTHER_MAIL
from schemas.conditions import Count
from schemas.decisions import Send
from schemas.events import Event
from schemas.outcomes import Deferred, Sent, Stopped
from schemas.policies import Caps
from schemas.progress import Ending, Progress
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from workflows.deciding.early import early_ending
from workflows.deciding.facts import known_at, moment
from workflows.deciding.variants import arm_of
from workflows.sharing.capping import (
    Ask,
    Place,
    Reserved,
    Traffic,
    has_room,
    opener,
    priority_of,
    put_off,
)

_Mail = tuple[str, int]


@dataclass(frozen=True)
class Claims:
    """The claims of one contact's mails; `waiting` are those that a cap has put off."""

    sequence: Sequence
    contact_id: str
    caps: Caps | None = None
    waiting: dict[_Mail, Reserved] = field(default_factory=dict)

    @cached_property
    def _questions(self) -> tuple[Count, ...]:
        return asked(self.sequence)

    def claim(
        self, send: Send, progress: Progress, past: list[Event], now: datetime
    ) -> Sent | Stopped | Deferred:
        """Answer as a claim on record does, up to its post, which always succeeds."""
        step = self.sequence.step_by_id[send.step]
        if not isinstance(step, EmailStep):
            raise TypeError(f"{send.step} sends no mail")
        ending = self._early_ending(step, progress, past, now)
        if ending is not None:
            return Stopped(ending=ending)
        over = None if step.transactional else self._over_cap(send, progress, past, now)
        if over is not None:
            return over
        arm = arm_of(step, self.sequence.name, self.contact_id, winner=None, kept=None)
        mark = f"{send.step}.{send.occurrence}"
        return Sent(send=mark, at=now, arm=arm.name if arm else None)

    def _early_ending(
        self, step: EmailStep, progress: Progress, past: list[Event], now: datetime
    ) -> Ending | None:
        # What only a database knows is asked at the claim, as on a server.
        if not self._questions:
            return None
        counts = answers(self._questions, past, now, progress.zone)
        known = replace(known_at(progress, now), counts=counts)
        return early_ending(self.sequence, step, known, now)

    def _over_cap(
        self, send: Send, progress: Progress, past: list[Event], now: datetime
    ) -> Deferred | None:
        if self.caps is None:
            return None
        mail = send.step, send.occurrence
        place = self._place(send, now)
        self.waiting.pop(mail, None)
        traffic = Traffic((*_own(progress), *_others(past)), tuple(self.waiting.values()))
        if has_room(self.caps, traffic, place, now):
            return None
        opens = opener(self.sequence, send.step, self.contact_id, progress.zone)
        deferred = put_off(self.caps, traffic, Ask(place, now, progress.zone, opens))
        self.waiting[mail] = Reserved(place, deferred.until, deferred.give_up_at)
        return deferred

    def _place(self, send: Send, now: datetime) -> Place:
        own = self.waiting.get((send.step, send.occurrence))
        since = own.place.since if own and own.place.due == send.due else now
        mark = f"{send.step} {send.occurrence}"
        return Place(priority_of(self.sequence), send.due, since, mark)


def _own(progress: Progress) -> Iterator[datetime]:
    return (mail.at for mail in progress.mails if not mail.transactional)


def _others(past: list[Event]) -> Iterator[datetime]:
    return (moment(event) for event in past if name_of(event) == OTHER_MAIL)

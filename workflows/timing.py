"""When the mail of a step goes, and why just then (language rules 1 to 4, 8 and 10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from schemas.progress import Ending, Progress, Track
from schemas.sequence import EmailStep, Sequence
from workflows.calendar import day_moment, later, next_open, shown
from workflows.endings import marketing_ending
from workflows.stops import Interval, stop_at, stopped, stops

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """What a decision looks at: the sequence, how far the enrollment has come, and the moment."""

    sequence: Sequence
    progress: Progress
    now: datetime

    @cached_property
    def stops(self) -> list[Interval]:
        """Pauses, holds and absences so far."""
        return stops(self.sequence, self.progress)

    @cached_property
    def unwelcome(self) -> Ending | None:
        """What ended the marketing part of the enrollment, if anything has (rule 24)."""
        return marketing_ending(self.sequence, self.progress)

    def stops_of(self, step: EmailStep) -> list[Interval]:
        """Give the stops that hold a mail back: absences not a transactional one (rule 23)."""
        return [one for one in self.stops if not (step.transactional and one.kind == "away")]

    def shown(self, moment: datetime) -> str:
        """Write a moment in the enrollment's zone."""
        return shown(moment, self.progress.zone)


class Slot(NamedTuple):
    """When a mail is due, when it goes (None: a stop without an end holds it back), and why."""

    due: datetime
    at: datetime | None
    why: str


def slot(scene: Scene, track: Track, step: EmailStep) -> Slot:
    """Find the moment at which the mail of `step` goes, as things stand."""
    due = _due(scene, track, step)
    wanted = max(due, track.reached)
    why = f"day {step.day} of the sequence" if step.day else "due when it is reached"
    if step.transactional:
        return _unstopped(scene, step, Slot(due, wanted, why))
    return _unstopped(scene, step, _gapped(scene, _windowed(scene, Slot(due, wanted, why))))


def _due(scene: Scene, track: Track, step: EmailStep) -> datetime:
    if step.day is None:
        return track.reached
    progress, intervals = scene.progress, scene.stops_of(step)
    until = max([scene.now, *[one.until for one in intervals if one.until]])
    held = stopped(intervals, progress.enrolled_at, until) // _DAY
    return day_moment(progress.first_moment, step.day + held, step.at_time, progress.zone)


def _windowed(scene: Scene, slot: Slot) -> Slot:
    if slot.at is None:
        return slot
    opens = next_open(slot.at, scene.sequence.window, scene.progress.zone)
    if opens == slot.at:
        return slot
    return Slot(slot.due, opens, f"{slot.why}; outside the send window, so at its next opening")


def _gapped(scene: Scene, slot: Slot) -> Slot:
    last, gap = _last_marketing_at(scene.progress), scene.sequence.min_gap
    if last is None or slot.at is None:
        return slot
    earliest = later(last, gap, scene.progress.zone)
    if slot.at >= earliest:
        return slot
    why = f"{slot.why}; at least {gap.count} {gap.unit} after the last mail"
    return _windowed(scene, Slot(slot.due, earliest, why))


def _last_marketing_at(progress: Progress) -> datetime | None:
    doubtful = [mail.at for mail in progress.doubts if not mail.transactional]
    last = progress.last_marketing_at
    return max([*doubtful, last] if last else doubtful, default=None)


def _unstopped(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    at = slot.at
    while at is not None:
        stop = stop_at(scene.stops_of(step), max(at, scene.now))
        if stop is None:
            return _not_past(scene, step, Slot(slot.due, at, slot.why))
        slot = Slot(slot.due, stop.until, f"{slot.why}; {stop.why}")
        at = _released(scene, step, stop)
    return Slot(slot.due, None, slot.why)


def _released(scene: Scene, step: EmailStep, stop: Interval) -> datetime | None:
    if stop.until is None or step.transactional:
        return stop.until
    return next_open(stop.until, scene.sequence.window, scene.progress.zone)


def _not_past(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    if slot.at is None or slot.at >= scene.now or step.transactional:
        return slot
    opens = next_open(scene.now, scene.sequence.window, scene.progress.zone)
    return slot if opens == scene.now else Slot(slot.due, opens, f"{slot.why}; late")

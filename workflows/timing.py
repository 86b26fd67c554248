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
    opened = _windowed(scene, step, Slot(due, wanted, why))
    return _unstopped(scene, step, _gapped(scene, step, opened))


def _due(scene: Scene, track: Track, step: EmailStep) -> datetime:
    if step.day is None:
        return track.reached
    progress, intervals = scene.progress, scene.stops_of(step)
    until = max([scene.now, *[one.until for one in intervals if one.until]])
    held = stopped(intervals, progress.enrolled_at, until) // _DAY
    return day_moment(progress.first_moment, step.day + held, step.at_time, progress.zone)


def _windowed(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    if slot.at is None or step.transactional:
        return slot
    opens = next_open(slot.at, scene.sequence.window, scene.progress.zone)
    if opens == slot.at:
        return slot
    return Slot(slot.due, opens, f"{slot.why}; outside the send window, so at its next opening")


def _gapped(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    last, gap = _last_marketing_at(scene.progress), scene.sequence.min_gap
    if last is None or slot.at is None or step.transactional:
        return slot
    earliest = later(last, gap, scene.progress.zone)
    if slot.at >= earliest:
        return slot
    why = f"{slot.why}; at least {gap.words} after the last mail"
    return _windowed(scene, step, Slot(slot.due, earliest, why))


def _last_marketing_at(progress: Progress) -> datetime | None:
    doubtful = [mail.at for mail in progress.doubts if not mail.transactional]
    last = progress.last_marketing_at
    return max([*doubtful, last] if last else doubtful, default=None)


def _unstopped(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    free = _released(scene, step, slot)
    if free.at is None or free.at >= scene.now:
        return free
    late = Slot(slot.due, scene.now, f"{free.why}; late")
    late = _released(scene, step, _windowed(scene, step, late))
    return free if late.at == scene.now else late


def _released(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    while slot.at is not None and (stop := stop_at(scene.stops_of(step), slot.at)):
        why = f"{slot.why}; {stop.why}"
        slot = _windowed(scene, step, Slot(slot.due, stop.until, why))
    return slot

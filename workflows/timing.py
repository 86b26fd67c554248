"""When the mail of a step goes, and why just then (language rules 1 to 4, 8 and 10)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.progress import Ending, Progress, Track
from schemas.sequence import EmailStep, Sequence
from workflows.calendar import day_moment, later, next_open
from workflows.endings import marketing_ending
from workflows.stops import Interval, stop_at, stopped, stops

_DAY = timedelta(days=1)


class Scene(NamedTuple):
    """What a decision looks at: the sequence, how far the enrollment has come, and the moment.

    `stops` are its pauses, holds and absences so far; `unwelcome` is what ended the marketing
    part, if anything has (rule 24).
    """

    sequence: Sequence
    progress: Progress
    now: datetime
    stops: list[Interval]
    unwelcome: Ending | None

    def stops_of(self, step: EmailStep) -> list[Interval]:
        """Give the stops that hold a mail back: absences not a transactional one (rule 23)."""
        return [one for one in self.stops if not (step.transactional and one.kind == "away")]


def scene_of(sequence: Sequence, progress: Progress, now: datetime) -> Scene:
    """Look at an enrollment at the moment `now`."""
    unwelcome = marketing_ending(sequence, progress)
    return Scene(sequence, progress, now, stops(sequence, progress), unwelcome)


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
    progress, day = scene.progress, step.day + _days_held(scene, step)
    return day_moment(progress.first_moment, day, step.at_time, progress.zone)


def _days_held(scene: Scene, step: EmailStep) -> int:
    intervals = scene.stops_of(step)
    if not intervals:
        return 0
    until = max([scene.now, *[one.until for one in intervals if one.until]])
    return stopped(intervals, scene.progress.enrolled_at, until) // _DAY


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

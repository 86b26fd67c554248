"""When the mail of a step goes, and why just then (language rules 1 to 6, 8, 10 and 11)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.progress import Ending, Progress, Track
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from workflows.anchors import Aim
from workflows.business import lasting
from workflows.calendar import day_moment, later
from workflows.deferring import delay_of
from workflows.endings import marketing_ending
from workflows.intervals import Interval
from workflows.stops import stop_at, stopped, stops
from workflows.variants import spread_minutes
from workflows.windows import earlier_open, is_opening, next_open

_DAY = timedelta(days=1)


class Scene(NamedTuple):
    """What a decision looks at: the sequence, how far the enrollment has come, and the moment.

    `stops` are its pauses, holds, absences and suppressing facts so far; `unwelcome` is what ended
    the marketing part, if anything has (rule 24).
    """

    sequence: Sequence
    progress: Progress
    now: datetime
    stops: list[Interval]
    unwelcome: Ending | None

    def stops_of(self, step: EmailStep) -> list[Interval]:
        """Give the stops that hold a mail back: not all do a transactional one (rule 23)."""
        if not step.transactional or not self.stops:
            return self.stops
        suppressor = self.sequence.suppress_while
        spares = suppressor is not None and suppressor.spares_transactional
        spared = ("away", "suppressed") if spares else ("away",)
        return [one for one in self.stops if one.kind not in spared]


def scene_of(sequence: Sequence, progress: Progress, now: datetime) -> Scene:
    """Look at an enrollment at the moment `now`."""
    unwelcome = marketing_ending(sequence, progress)
    return Scene(sequence, progress, now, stops(sequence, progress), unwelcome)


class Slot(NamedTuple):
    """When a mail is due, when it goes, and why; without `at` nobody knows yet when it may go.

    `expires` is the last minute at which it may still go (rules 5 and 29), `too_late` what is said
    of it after that.
    """

    due: datetime
    at: datetime | None
    why: str
    expires: datetime | None = None
    too_late: str = ""


def slot(scene: Scene, track: Track, step: EmailStep, aim: Aim | None = None) -> Slot:
    """Find the moment at which the mail of `step` goes, as things stand.

    `aim` is when it is due by its date; without one by its day, or when it is reached.
    """
    plain = Slot(*_due(scene, track, step, aim))
    placed = _placed(scene, track, step, plain)
    valid = step.valid_for.words if step.valid_for else ""
    too_late = f"not sent within {valid} of its moment"
    slot = placed._replace(expires=_expiry(scene, step, aim, placed), too_late=too_late)
    earliest = max(track.reached, aim.known_at) if aim else track.reached
    if slot.at is not None and slot.at < earliest:
        slot = _windowed(scene, step, slot._replace(at=earliest, why=plain.why))
    slot = _put_off(scene, track, step, _gapped(scene, step, slot))
    released = aim is not None and slot.at == aim.known_at and _is_released(scene, track, aim)
    return _unstopped(scene, step, _spread(scene, step, slot, released=released))


def _is_released(scene: Scene, track: Track, aim: Aim) -> bool:
    own = (stop for stop in scene.progress.stops if stop.cause and stop.until == aim.known_at)
    return any((stop.step, stop.occurrence) == (track.at, track.occurrence) for stop in own)


def _due(
    scene: Scene, track: Track, step: EmailStep, aim: Aim | None
) -> tuple[datetime, datetime, str]:
    if aim is not None and aim.due is not None and step.at is not None:
        return aim.due, aim.due, step.at.text
    if step.day is None:
        since = max(track.reached, aim.known_at) if aim else track.reached
        return since, since, "due when it is reached"
    progress, day = scene.progress, step.day + _days_held(scene, step)
    due = day_moment(progress.first_moment, day, step.at_time, progress.zone)
    return due, due, f"day {step.day} of the sequence"


def _days_held(scene: Scene, step: EmailStep) -> int:
    intervals = scene.stops_of(step)
    if not intervals:
        return 0
    until = max([scene.now, *[one.until for one in intervals if one.until]])
    return stopped(intervals, scene.progress.enrolled_at, until) // _DAY


def _placed(scene: Scene, track: Track, step: EmailStep, slot: Slot) -> Slot:
    """Apply rule 3 alone."""
    if step.roll == "later" or slot.at is None or not step.waits_for_window:
        return _windowed(scene, step, slot)
    window, zone = scene.sequence.window, scene.progress.zone
    opens = earlier_open(slot.at, window, zone)
    if opens == slot.at:
        return slot
    if opens is None or opens < track.reached:
        return _windowed(scene, step, slot._replace(at=track.reached))
    where = "before it" if opens < slot.at else "at its next opening"
    return slot._replace(at=opens, why=f"{slot.why}; outside the send window, so {where}")


def _expiry(scene: Scene, step: EmailStep, aim: Aim | None, placed: Slot) -> datetime | None:
    has_moment = step.day is not None or (aim is not None and aim.due is not None)
    start = placed.at if has_moment else placed.due
    if step.valid_for is None or start is None:
        return None
    if has_moment and step.waits_for_window:
        # A step that is reached late has no more time than one that rolls later.
        opens = next_open(placed.due, scene.sequence.window, scene.progress.zone)
        start = start if opens is None else min(start, opens)
    return lasting(scene.sequence, start, step.valid_for, scene.progress.zone)


def _windowed(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    if slot.at is None or not step.waits_for_window:
        return slot
    opens = next_open(slot.at, scene.sequence.window, scene.progress.zone)
    if opens == slot.at:
        return slot
    if opens is None:
        return slot._replace(at=None, why=f"{slot.why}; the send window does not open")
    why = f"{slot.why}; outside the send window, so at its next opening"
    return slot._replace(at=opens, why=why)


def _gapped(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    last, gap = _last_marketing_at(scene.progress), scene.sequence.min_gap
    if last is None or slot.at is None or step.transactional:
        return slot
    earliest = later(last, gap, scene.progress.zone)
    if slot.at >= earliest:
        return slot
    why = f"{slot.why}; at least {gap.words} after the last mail"
    return _windowed(scene, step, slot._replace(at=earliest, why=why))


def _put_off(scene: Scene, track: Track, step: EmailStep, slot: Slot) -> Slot:
    delay = delay_of(scene.progress, track, slot.due) if scene.progress.deferrals else None
    if delay is None:
        return slot
    if slot.expires is None or delay.give_up_at < slot.expires:
        slot = slot._replace(expires=delay.give_up_at, too_late=delay.too_late)
    if slot.at is None or slot.at >= delay.until:
        return slot
    why = f"{slot.why}; {delay.why}"
    return _windowed(scene, step, slot._replace(at=delay.until, why=why))


def _last_marketing_at(progress: Progress) -> datetime | None:
    doubtful = [mail.at for mail in progress.doubts if not mail.transactional]
    last = progress.last_marketing_at
    return max([*doubtful, last] if last else doubtful, default=None)


def _spread(scene: Scene, step: EmailStep, slot: Slot, *, released: bool = False) -> Slot:
    progress, sequence = scene.progress, scene.sequence
    if slot.at is None or step.transactional or not progress.contact_id or not sequence.spread:
        return slot
    if not released and not is_opening(slot.at, sequence.window, progress.zone):
        return slot
    minutes = spread_minutes(sequence.name, progress.contact_id, step.id, sequence.spread)
    why = f"{slot.why}; {minutes} minutes later, to spread the load" if minutes else slot.why
    return slot._replace(at=slot.at + timedelta(minutes=minutes), why=why)


def _unstopped(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    free = _released(scene, step, slot)
    if free.at is None or free.at >= scene.now:
        return free
    late = free._replace(at=scene.now, why=f"{free.why}; late")
    late = _released(scene, step, _windowed(scene, step, late))
    return free if late.at == scene.now else late


def _released(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    while slot.at is not None and (stop := stop_at(scene.stops_of(step), slot.at)):
        freed = slot._replace(at=stop.until, why=f"{slot.why}; {stop.why}")
        opened = _spread(scene, step, _windowed(scene, step, freed), released=True)
        slot = _spread(scene, step, _windowed(scene, step, opened))
    return slot

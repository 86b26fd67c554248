"""When the mail of a step goes, and why just then (language rules 1 to 6, 8, 10 and 11)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from schemas.calendar import Window
from schemas.progress import Ending, Progress, Track
from schemas.sequence import Sequence
from schemas.steps import At, EmailStep
from workflows.after.deferring import delay_of
from workflows.deciding.endings import marketing_ending
from workflows.deciding.stops import stop_at, stopped, stops
from workflows.deciding.variants import spread_minutes
from workflows.moments.anchors import Aim, told_date
from workflows.moments.business import lasting
from workflows.moments.calendar import later, local, shown_in
from workflows.moments.days import day_of
from workflows.moments.intervals import Interval
from workflows.moments.slots import NO_RULE, Part, Slot
from workflows.moments.windows import earlier_open, is_opening, next_open

_DAY = timedelta(days=1)
_RULE_BY_STOP = {"away": 27, "suppressed": 30, "turn": 28}


class Scene(NamedTuple):
    """What a decision looks at: the sequence, how far the enrollment has come, and the moment.

    `stops` are its pauses, holds, absences, lost turns and suppressing facts so far; `unwelcome`
    is what ended the marketing part, if anything has (rule 24).
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
        spared = ("away", "turn", "suppressed") if spares else ("away", "turn")
        return [one for one in self.stops if one.kind not in spared]


def scene_of(sequence: Sequence, progress: Progress, now: datetime) -> Scene:
    """Look at an enrollment at the moment `now`."""
    unwelcome = marketing_ending(sequence, progress)
    return Scene(sequence, progress, now, stops(sequence, progress), unwelcome)


def slot(scene: Scene, track: Track, step: EmailStep, aim: Aim | None = None) -> Slot:
    """Find the moment at which the mail of `step` goes, as things stand.

    `aim` is when it is due by its date; without one by its day, or when it is reached.
    """
    plain = _due(scene, track, step, aim)
    placed = _placed(scene, track, step, plain)
    slot = placed._replace(expires=_expiry(scene, step, aim, placed), too_late=_too_late(step))
    earliest = _earliest(track, aim)
    if slot.at is not None and earliest.at is not None and slot.at < earliest.at:
        slot = _windowed(scene, step, slot._replace(parts=plain.parts).moved(earliest))
    slot = _put_off(scene, track, step, _gapped(scene, step, slot))
    released = aim is not None and slot.at == aim.known_at and _is_released(scene, track, aim)
    return _unstopped(scene, step, _spread(scene, step, slot, released=released))


def _is_released(scene: Scene, track: Track, aim: Aim) -> bool:
    own = (stop for stop in scene.progress.stops if stop.cause and stop.until == aim.known_at)
    return any((stop.step, stop.occurrence) == (track.at, track.occurrence) for stop in own)


def _too_late(step: EmailStep) -> Part:
    return Part(
        5, f"not sent within {step.valid_for.words if step.valid_for else ''} of its moment"
    )


def _earliest(track: Track, aim: Aim | None) -> Part:
    if aim is not None and aim.known_at > track.reached:
        return Part(9, "", aim.known_at, "its date was not known before that")
    return Part(2, "", track.reached, "after the step before it")


def _due(scene: Scene, track: Track, step: EmailStep, aim: Aim | None) -> Slot:
    if aim is not None and aim.due is not None and step.at is not None:
        return Slot(aim.due, aim.due, (_dated(scene, step.at, aim.due),))
    if step.day is None:
        since = max(track.reached, aim.known_at) if aim else track.reached
        return Slot(since, since, (_at_once(scene, step, aim, since),))
    return _on_day(scene, step, step.day)


def _at_once(scene: Scene, step: EmailStep, aim: Aim | None, since: datetime) -> Part:
    why = "due when it is reached"
    if aim is None or step.at is None:
        return Part(1, why, since, "at once when it is its turn")
    date = told_date(scene.progress, step.at)
    return Part(6, why, since, f"at once, as its date was past already ({date})")


def _dated(scene: Scene, at: At, due: datetime) -> Part:
    return Part(1, at.text, due, told_date(scene.progress, at))


def _on_day(scene: Scene, step: EmailStep, day: int) -> Slot:
    progress, held = scene.progress, _days_held(scene, step)
    plain, due = (day_of(progress, one, step.at_time) for one in (day, day + held))
    slot = Slot(due, plain, (Part(1, f"day {day} of the sequence", plain),))
    if not held:
        return slot
    days = "1 day" if held == 1 else f"{held} days"
    return slot.moved(Part(8, "", due, f"{days} later, for it stood still that long"))


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
        return _windowed(scene, step, slot.moved(_earliest(track, None)))
    where = "before it" if opens < slot.at else "at its next opening"
    return slot.moved(Part(3, f"{_outside(scene, slot.at)}, so {where}", opens))


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
        return slot.moved(Part(3, "the send window does not open"))
    return slot.moved(Part(3, f"{_outside(scene, slot.at)}, so at its next opening", opens))


def _outside(scene: Scene, at: datetime) -> str:
    window = scene.sequence.window
    if window is None:
        return "outside the send window"
    day = local(at, scene.progress.zone).date()
    return f"outside the send window ({window.words}{_holiday(day, window)})"


def _holiday(day: date, window: Window) -> str:
    free = day in window.closed_on and day.weekday() in window.days
    return f", but {day:%d %b %Y} is a holiday" if free else ""


def _gapped(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    last, gap = _last_marketing_at(scene.progress), scene.sequence.min_gap
    if last is None or slot.at is None or step.transactional:
        return slot
    earliest = later(last, gap, scene.progress.zone)
    if slot.at >= earliest:
        return slot
    why = f"at least {gap.words} after the last mail"
    went = shown_in(last, scene.progress.zone)
    full = f"{gap.words} must lie after the marketing mail of {went}"
    return _windowed(scene, step, slot.moved(Part(4, why, earliest, full)))


def _put_off(scene: Scene, track: Track, step: EmailStep, slot: Slot) -> Slot:
    delay = delay_of(scene.progress, track, slot.due) if scene.progress.deferrals else None
    if delay is None:
        return slot
    last = delay.give_up_at
    if last is not None and (slot.expires is None or last < slot.expires):
        slot = slot._replace(expires=last, too_late=Part(29, delay.too_late))
    if slot.at is None or slot.at >= delay.until:
        return slot
    part = Part(NO_RULE if last is None else 29, delay.why, delay.until, delay.told)
    return _windowed(scene, step, slot.moved(part))


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
    if not minutes:
        return slot
    at = slot.at + timedelta(minutes=minutes)
    return slot.moved(Part(11, f"{minutes} minutes later, to spread the load", at))


def _unstopped(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    free = _released(scene, step, slot)
    if free.at is None or free.at >= scene.now:
        return free
    late = free.moved(Part(6, "late", scene.now, "late, as nothing could be done then"))
    late = _released(scene, step, _windowed(scene, step, late))
    return free if late.at == scene.now else late


def _stopped_by(stop: Interval) -> Part:
    rule = _RULE_BY_STOP.get(stop.kind, 8)
    free = "" if stop.until is None else f"{stop.why}; free again"
    return Part(rule, stop.why, stop.until, free)


def _released(scene: Scene, step: EmailStep, slot: Slot) -> Slot:
    while slot.at is not None and (stop := stop_at(scene.stops_of(step), slot.at)):
        freed = slot.moved(_stopped_by(stop))
        opened = _spread(scene, step, _windowed(scene, step, freed), released=True)
        slot = _spread(scene, step, _windowed(scene, step, opened))
    return slot

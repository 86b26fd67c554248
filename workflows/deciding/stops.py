"""When mails wait and clocks stand still: pauses, holds, absences, facts, lost turns (rule 8)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from schemas.events import AutoReply, Turn
from schemas.progress import Progress
from schemas.sequence import Sequence
from workflows.deciding.facts import moment
from workflows.deciding.suppressors import suppressing
from workflows.moments.calendar import later, local
from workflows.moments.intervals import Interval

_FARTHEST_RETURN = 90


def absences(sequence: Sequence, progress: Progress) -> Iterator[Interval]:
    """Give the times in which the contact is away; a later answer overrides an earlier one."""
    answers = [
        event
        for event in progress.events
        if isinstance(event, AutoReply) and moment(event) >= progress.enrolled_at
    ]
    following = [*[moment(event) for event in answers[1:]], None]
    for answer, overridden in zip(answers, following, strict=False):
        back = _return(sequence, progress, answer)
        until = back if overridden is None else min(back, overridden)
        yield Interval(moment(answer), until, "away", "the contact is away")


def stops(sequence: Sequence, progress: Progress) -> list[Interval]:
    """Give every pause, hold, absence, lost turn and suppressing fact so far."""
    ordered = [
        Interval(stop.since, stop.until, stop.kind, _words(stop.kind, stop.who, stop.reason))
        for stop in progress.stops
    ]
    return [
        *ordered,
        *absences(sequence, progress),
        *lost_turns(progress),
        *suppressions(sequence, progress),
    ]


def lost_turns(progress: Progress) -> Iterator[Interval]:
    """Give the times in which another sequence of the group has the contact (rule 28)."""
    lost: Turn | None = None
    for event in progress.events:
        if not isinstance(event, Turn) or moment(event) < progress.enrolled_at:
            continue
        if lost is not None and event.held:
            yield Interval(moment(lost), moment(event), "turn", lost.why)
        lost = None if event.held else lost or event
    if lost is not None:
        yield Interval(moment(lost), None, "turn", lost.why)


def has_lost_its_turn(progress: Progress) -> bool:
    """Tell whether another sequence of the group has the contact."""
    return any(one.until is None for one in lost_turns(progress))


def suppressions(sequence: Sequence, progress: Progress) -> Iterator[Interval]:
    """Give the times in which a fact keeps mails back, since before the enrollment if need be."""
    if sequence.suppress_while is not None:
        events = (*progress.earlier, *progress.events)
        yield from suppressing(sequence.suppress_while, events, progress.key)


def stop_at(intervals: list[Interval], at: datetime) -> Interval | None:
    """Give the stop that lasts longest among those in force at `at`."""
    there = (one for one in intervals if one.since <= at and (one.until is None or at < one.until))
    return max(there, key=_end, default=None)


def is_paused(progress: Progress) -> bool:
    """Tell whether an operator's pause lasts."""
    return any(stop.kind == "pause" and stop.until is None for stop in progress.stops)


def resumed(progress: Progress, at: datetime) -> datetime:
    """Give `at`, or the resume after the pause that it lies in."""
    for stop in progress.stops:
        if stop.kind == "pause" and stop.until and stop.since <= at:
            at = max(at, stop.until)
    return at


def stopped(intervals: list[Interval], start: datetime, end: datetime) -> timedelta:
    """Give how long, between `start` and `end`, anything stood still; overlaps count once."""
    total, covered = timedelta(0), start
    for interval in sorted(intervals, key=lambda one: one.since):
        since = max(interval.since, covered)
        until = min(interval.until or end, end)
        if until > since:
            total, covered = total + (until - since), until
    return total


def pushed(intervals: list[Interval], start: datetime, due: datetime) -> datetime | None:
    """Move `due` on by the time stood still since `start`; None while a stop has no end yet."""
    moved, before = due, None
    while moved != before:
        before = moved
        if any(one.until is None and max(one.since, start) < moved for one in intervals):
            return None
        moved = due + stopped(intervals, start, moved)
    return moved


def _return(sequence: Sequence, progress: Progress, answer: AutoReply) -> datetime:
    at, zone = moment(answer), progress.zone
    ahead = (local(answer.until or at, zone).date() - local(at, zone).date()).days
    if answer.until is None or ahead > _FARTHEST_RETURN:
        return later(at, sequence.out_of_office, zone)
    return answer.until if ahead > 0 else at


def _words(kind: str, who: str, reason: str) -> str:
    if kind == "hold":
        return f"held: {reason}"
    return f"paused by {who}" + (f": {reason}" if reason else "")


def _end(interval: Interval) -> float:
    return float("inf") if interval.until is None else interval.until.timestamp()

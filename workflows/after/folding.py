"""Folding in what happens from outside: the order of arrival makes no difference."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from schemas.events import (
    AppEvent,
    ContactChanged,
    Control,
    Conversion,
    Event,
    Open,
    Turn,
    Unsubscribe,
)
from schemas.progress import Progress, Stop, What
from schemas.sequence import Sequence
from schemas.values import cut
from workflows.after.tracks import Changes, noted
from workflows.deciding.facts import moment
from workflows.deciding.stops import has_lost_its_turn, is_paused


def after_event(sequence: Sequence, progress: Progress, event: Event, now: datetime) -> Progress:
    """Fold one event in; a repeat changes nothing, and order of arrival does not matter.

    An event without a moment, or one ahead of `now`, is put down at `now`, but not before the
    enrollment if it came since. Commands (pause, resume) are the exception: they take effect in
    the order in which they come, in which turns too are told of.
    """
    if any(known.id == event.id for known in progress.events) or not _reacts(sequence, event):
        return progress
    at = _moment(progress, event, now)
    own = event.model_copy(update={"at": at})
    events = tuple(sorted((*progress.events, own), key=lambda one: (moment(one), one.id)))
    folded = progress.model_copy(update={"events": events, **_zones(progress, events)})
    if isinstance(own, Turn):
        return _turned(progress, folded, own)
    return _controlled(folded, own) if isinstance(own, Control) else folded


def paused(progress: Progress, at: datetime, who: str, why: str) -> Progress:
    """Stop mails and clocks from `at` on, until a resume; a pause within a pause is one.

    A resume of a later minute may have come before the pause that it ends.
    """
    if is_paused(progress):
        return progress
    until = min((one for one in _resumes(progress) if one > at), default=None)
    stop = Stop(kind="pause", since=at, until=until, reason=why, who=who)
    stops = (*progress.stops, stop)
    return noted(progress, at, What.PAUSED, None, _by(who, why), stops=stops)


def _moment(progress: Progress, event: Event, now: datetime) -> datetime:
    if event.at is None:
        return cut(now)
    # An enrollment may have been put on record a minute before its own moment.
    earliest = min(progress.enrolled_at, event.at)
    return cut(max(earliest, min(event.at, now)))


def _reacts(sequence: Sequence, event: Event) -> bool:
    if isinstance(event, AppEvent | Conversion):
        return f"event:{event.name}" in sequence.listens_to
    if isinstance(event, Open):
        return event.kind in sequence.listens_to
    if isinstance(event, Unsubscribe):
        return event.topic in (None, sequence.topic)
    return True


def _zones(progress: Progress, events: tuple[Event, ...]) -> Changes:
    zones = (one.zone for one in reversed(events) if isinstance(one, ContactChanged))
    latest = next((zone for zone in zones if zone is not None), None)
    if latest is None:
        return {}
    return {"zone": latest, "first_zone": progress.first_zone or progress.zone}


def _controlled(progress: Progress, control: Control) -> Progress:
    at = moment(control)
    if control.action == "pause":
        return paused(progress, at, control.who, control.why)
    if control.action == "resume":
        stops = tuple(stop if stop.until else _over(stop, at, "resume") for stop in progress.stops)
        return noted(progress, at, What.RESUMED, None, _by(control.who, control.why), stops=stops)
    return _skipped(progress, control, at) if control.action == "skip" else progress


def _turned(before: Progress, progress: Progress, turn: Turn) -> Progress:
    """Put down that the contact is another sequence's now, or this one's again."""
    lost = has_lost_its_turn(progress)
    if lost == has_lost_its_turn(before):
        return progress
    what = What.TURN_LOST if lost else What.TURN_BACK
    return noted(progress, moment(turn), what, None, turn.why)


def _skipped(progress: Progress, control: Control, at: datetime) -> Progress:
    """Give up the mail that the enrollment is held at for its date (rule 6)."""
    held = [stop for stop in progress.stops if stop.cause and stop.until is None]
    if not held:
        return progress
    stops = tuple(_over(stop, at, "skip") if stop in held else stop for stop in progress.stops)
    why = _by(control.who, control.why)
    return noted(progress, at, What.RESUMED, held[0].step, f"skipped {why}", stops=stops)


def _over(stop: Stop, at: datetime, released: Literal["resume", "skip"]) -> Stop:
    return stop.model_copy(update={"until": max(stop.since, at), "released": released})


def _resumes(progress: Progress) -> Iterator[datetime]:
    for event in progress.events:
        if isinstance(event, Control) and event.action == "resume":
            yield moment(event)


def _by(who: str, why: str) -> str:
    return f"by {who}" + (f": {why}" if why else "")

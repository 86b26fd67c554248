"""What a track does at a mail: send it, wait for its moment, skip it, or hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from schemas.decisions import Decision, Finish, Hold, Release, Settle, Wait
from schemas.events import SendSettled
from schemas.progress import Ending, Mail, Skip, Stop, Track
from schemas.steps import EmailStep
from workflows.deciding.endings import MISSING_ANCHOR
from workflows.deciding.sending import Because, at_slot, skip, unwanted, unwelcome
from workflows.moments.anchors import Aim, aimed, told_date
from workflows.moments.calendar import shown_in
from workflows.moments.slots import Part
from workflows.moments.timing import Scene, slot

Cause = Literal["past", "missing"]
"""Why the date of a mail holds the enrollment."""

IN_DOUBT_FOR = timedelta(minutes=30)
"""How long a mail in doubt waits for SendGrid's word before it is settled as not sent."""

NO_DATE = "there is no readable date for"
"""How what is said of a mail begins whose date is missing."""


def at_mail(scene: Scene, track: Track, step: EmailStep) -> Decision:
    """Decide what becomes of a mail whose step is reached."""
    for doubt in scene.progress.doubts:
        if (doubt.step, doubt.occurrence) == (track.at, track.occurrence):
            return _in_doubt(scene, track, doubt)
    if step.at is None:
        return at_slot(scene, track, step, slot(scene, track, step))
    aim = aimed(scene.sequence, scene.progress, step.at, step.at_time)
    return _dated(scene, track, step, aim)


def _dated(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision:
    held, cause = _last_hold(scene, track), _cause(scene, track, step, aim)
    if held is not None and held.until is None:
        lasts = held.cause == cause
        return _waits(held) if lasts else _release(scene, track, step, aim)
    if held is not None and held.until is not None and held.released == "skip":
        return _given_up(track, step, held, held.until)
    if cause is not None:
        return _hold(scene, track, step, aim, cause)
    return _free(scene, track, step, aim)


def _given_up(track: Track, step: EmailStep, held: Stop, at: datetime) -> Decision:
    rule, asked = 7 if held.cause == "missing" else 6, held.reason.partition(": ")[0]
    part = Part(rule, f"{asked}, and an operator gave this mail up")
    return skip(track, step, Because(Skip.GIVEN_UP, "skipped by an operator"), at, (part,))


def _cause(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Cause | None:
    if unwanted(scene, step) is not None:
        return None
    if aim.due is None:
        return "missing" if step.if_missing == "hold" else None
    holds = aim.past and step.if_past == "hold"
    return "past" if holds and _resumed_at(scene, track, aim) is None else None


def _free(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision:
    if aim.due is not None and not aim.past:
        return at_slot(scene, track, step, slot(scene, track, step, aim))
    ended, at = unwanted(scene, step), _since(scene, track, aim)
    if ended is not None and (aim.due is None or step.if_past == "hold"):
        return unwelcome(track, step, ended, at)
    return _missing(scene, track, step, at) if aim.due is None else _past(scene, track, step, aim)


def _missing(scene: Scene, track: Track, step: EmailStep, at: datetime) -> Decision:
    date = told_date(scene.progress, step.at) if step.at else ""
    if step.if_missing == "skip":
        missing = Because(Skip.MISSING, _no_date(step))
        return skip(track, step, missing, at, (Part(7, f"{_no_date(step)} ({date})"),))
    why = f"before {step.id} could go, {_no_date(step)} ({date})"
    return Finish(ending=Ending(name=MISSING_ANCHOR, at=at, why=why), why=_no_date(step))


def _past(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision:
    if step.if_past == "skip":
        parts = _past_parts(scene, step, aim)
        past = Because(Skip.PAST, _was_past(step))
        return skip(track, step, past, _since(scene, track, aim), parts)
    since = _resumed_at(scene, track, aim) or _since(scene, track, aim)
    return at_slot(scene, track, step, slot(scene, track, step, Aim(None, since)))


def _past_parts(scene: Scene, step: EmailStep, aim: Aim) -> tuple[Part, ...]:
    date = told_date(scene.progress, step.at) if step.at else ""
    known = shown_in(aim.known_at, scene.progress.zone)
    past = Part(6, f"that was past already when it became known, on {known}")
    return Part(1, date, aim.due), past


def _hold(scene: Scene, track: Track, step: EmailStep, aim: Aim, cause: Cause) -> Hold:
    return Hold(
        track=track.name,
        step=step.id,
        occurrence=track.occurrence,
        cause=cause,
        at=_since(scene, track, aim),
        why=_HELD[cause](step),
    )


def _waits(held: Stop) -> Wait:
    return Wait(until=None, step=held.step, why=held.reason)


def _release(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Release:
    held, ended = _last_hold(scene, track), unwanted(scene, step)
    why = "there is a date now" if aim.due is not None else "its date is gone"
    moments = (held.since if held else None, aim.known_at, ended.at if ended else None)
    return Release(
        track=track.name,
        step=step.id,
        occurrence=track.occurrence,
        at=max(one for one in moments if one is not None),
        why="no marketing is wanted any more" if ended else why,
    )


def _resumed_at(scene: Scene, track: Track, aim: Aim) -> datetime | None:
    held = _last_hold(scene, track)
    if held is None or held.until is None or held.until < aim.known_at:
        return None
    return held.until if (held.cause, held.released) == ("past", "resume") else None


def _since(scene: Scene, track: Track, aim: Aim) -> datetime:
    held = _last_hold(scene, track)
    since = max(track.reached, aim.known_at)
    return max(since, held.until) if held is not None and held.until is not None else since


def _no_date(step: EmailStep) -> str:
    return f"{NO_DATE} {step.at.text if step.at else 'it'}"


def _was_past(step: EmailStep) -> str:
    return f"{step.at.text if step.at else 'its date'} was past already when it became known"


def _last_hold(scene: Scene, track: Track) -> Stop | None:
    own = [
        stop
        for stop in scene.progress.stops
        if stop.cause and (stop.step, stop.occurrence) == (track.at, track.occurrence)
    ]
    return own[-1] if own else None


def _in_doubt(scene: Scene, track: Track, doubt: Mail) -> Decision:
    until = doubted_until(doubt)
    settled = any(
        isinstance(event, SendSettled) and event.send == doubt.send
        for event in scene.progress.events
    )
    if settled or until <= scene.now:
        why = "SendGrid has said what became of it" if settled else "SendGrid has said nothing"
        return Settle(track=track.name, step=doubt.step, send=doubt.send, why=why)
    return Wait(until=until, step=doubt.step, why="in doubt whether SendGrid accepted the mail")


def doubted_until(doubt: Mail) -> datetime:
    """Give the moment at which a mail in doubt is settled, if nothing is told of it before."""
    return (doubt.since or doubt.at) + IN_DOUBT_FOR


_HELD: dict[Cause, Callable[[EmailStep], str]] = {
    "missing": lambda step: f"{_no_date(step)}: give it one",
    "past": lambda step: f"{_was_past(step)}: resume to send it now, or skip it",
}

"""What a track does at a mail: send it, wait for its moment, skip it, or hold."""

from datetime import datetime, timedelta
from typing import Literal

from schemas.decisions import Decision, Finish, Hold, Move, Release, Send, Settle, Wait
from schemas.events import Click, Open, Reply, SendSettled
from schemas.policies import Unengaged
from schemas.progress import Ending, Mail, Progress, Stop, Track, What
from schemas.steps import EmailStep
from workflows.anchors import Aim, aimed
from workflows.conditions import holds, questions
from workflows.endings import (
    HOLDOUT,
    LEFT_AUDIENCE,
    MISSING_ANCHOR,
    UNENGAGED,
    condition_endings,
)
from workflows.facts import known_at, moment
from workflows.timing import Scene, Slot, slot

IN_DOUBT_FOR = timedelta(minutes=30)
"""How long a mail in doubt waits for SendGrid's word before it is settled as not sent."""


def at_mail(scene: Scene, track: Track, step: EmailStep) -> Decision:
    """Decide what becomes of a mail whose step is reached."""
    for doubt in scene.progress.doubts:
        if (doubt.step, doubt.occurrence) == (track.at, track.occurrence):
            return _in_doubt(scene, track, doubt)
    if step.at is None:
        return _at_slot(scene, track, step, slot(scene, track, step))
    aim = aimed(scene.sequence, scene.progress, step.at, step.at_time)
    return _dated(scene, track, step, aim)


def _dated(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision:
    if aim.due is not None and not aim.past:
        when = slot(scene, track, step, aim)
        return _release(scene, track, aim) or _at_slot(scene, track, step, when)
    return _released(scene, track, step, aim) or _undated(scene, track, step, aim)


def _released(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision | None:
    held = _last_hold(scene, track)
    if held is None or held.until is None or held.released == "value":
        return None
    if held.until < aim.known_at:
        return None
    if held.released == "skip":
        return _skip(track, step, "skipped by an operator", held.until)
    return None if aim.due is None else _send_now(scene, track, step, held.until)


def _undated(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision:
    if scene.unwelcome is not None and not step.transactional:
        return _unwelcome(track, step, scene.unwelcome, aim.known_at)
    return _missing(scene, track, step, aim) if aim.due is None else _past(scene, track, step, aim)


def _missing(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision:
    at, named = max(track.reached, aim.known_at), step.at.text if step.at else ""
    why = f"there is no date for {named}"
    if step.if_missing == "skip":
        return _skip(track, step, why, at)
    if step.if_missing == "exit":
        return Finish(ending=Ending(name=MISSING_ANCHOR, at=at), why=why)
    return _hold(scene, track, "missing", f"{why}: give it one", at)


def _past(scene: Scene, track: Track, step: EmailStep, aim: Aim) -> Decision:
    why = f"{step.at.text if step.at else 'its date'} was past already when it became known"
    at = max(track.reached, aim.known_at)
    if step.if_past == "hold":
        return _hold(scene, track, "past", f"{why}: resume to send it now, or skip it", at)
    if release := _release(scene, track, aim):  # a value releases, a past one too (rule 7)
        return release
    if step.if_past == "skip":
        return _skip(track, step, why, at)
    return _send_now(scene, track, step, at)


def _send_now(scene: Scene, track: Track, step: EmailStep, since: datetime) -> Decision:
    return _at_slot(scene, track, step, slot(scene, track, step, Aim(None, since)))


def _hold(
    scene: Scene, track: Track, cause: Literal["past", "missing"], why: str, at: datetime
) -> Decision:
    held = _last_hold(scene, track)
    if held is not None and held.until is None:
        return Wait(until=None, step=track.at, why=held.reason)
    since = max([at, *[stop.until for stop in scene.progress.stops if stop.until]])
    return Hold(
        track=track.name,
        step=track.at or "",
        occurrence=track.occurrence,
        cause=cause,
        at=since,
        why=why,
    )


def _release(scene: Scene, track: Track, aim: Aim) -> Release | None:
    held = _last_hold(scene, track)
    if held is None or held.until is not None:
        return None
    return Release(
        track=track.name,
        step=track.at or "",
        occurrence=track.occurrence,
        at=max(held.since, aim.known_at),
        why="there is a date now",
    )


def _last_hold(scene: Scene, track: Track) -> Stop | None:
    own = [
        stop
        for stop in scene.progress.stops
        if stop.cause and (stop.step, stop.occurrence) == (track.at, track.occurrence)
    ]
    return own[-1] if own else None


def _at_slot(scene: Scene, track: Track, step: EmailStep, when: Slot) -> Decision:
    expires = when.expires
    if expires is not None and (when.at is None or max(when.at, scene.now) > expires):
        if when.at is None and step.day is not None:
            return Wait(until=None, step=step.id, why=when.why)
        why = f"not sent within {step.valid_for.words if step.valid_for else ''} of its moment"
        return _until(scene, track, step, max(expires, track.reached), why)
    if when.at is None or when.at > scene.now:
        return Wait(until=when.at, step=step.id, why=when.why)
    return _send_or_not(scene, track, step, when)


def _until(scene: Scene, track: Track, step: EmailStep, expires: datetime, why: str) -> Decision:
    if expires > scene.now:
        return Wait(until=expires, step=step.id, why=f"skipped then: {why}")
    return _skip(track, step, why, expires)


def _send_or_not(scene: Scene, track: Track, step: EmailStep, when: Slot) -> Decision:
    if scene.unwelcome is not None and not step.transactional:
        return _unwelcome(track, step, scene.unwelcome, when.at or scene.now)
    return _early_ending(scene, step) or Send(
        track=track.name, step=step.id, occurrence=track.occurrence, due=when.due, why=when.why
    )


def _early_ending(scene: Scene, step: EmailStep) -> Finish | None:
    early = min(condition_endings(scene.sequence, scene.progress, scene.now), default=None)
    if early is not None:
        return _finish(scene, early[2], f"the condition of {early[2]} has become true")
    if step.transactional:
        return None
    if not _in_audience(scene):
        return _finish(scene, LEFT_AUDIENCE, "the contact no longer matches the audience")
    idle = _is_unengaged(scene)
    return _finish(scene, UNENGAGED, "nothing came of the last mails") if idle else None


def _unwelcome(track: Track, step: EmailStep, ended: Ending, at: datetime) -> Move:
    words = "is held out" if ended.name == HOLDOUT else f"has {ended.name}"
    return _skip(track, step, f"not sent: the contact {words}", max(at, ended.at, track.reached))


def _in_audience(scene: Scene) -> bool:
    audience = scene.sequence.audience
    if audience is None or scene.sequence.audience_recheck == "enrollment" or questions(audience):
        return True
    return holds(audience, known_at(scene.progress, scene.now))


def _is_unengaged(scene: Scene) -> bool:
    rule, progress = scene.sequence.unengaged, scene.progress
    if rule is None:
        return False
    done = _engagements(progress, rule)
    last = max(done, default=None)
    idle = [m for m in progress.mails if not m.transactional and _is_idle(m, last, done)]
    return len(idle) >= rule.after


def _is_idle(
    mail: Mail, last: tuple[datetime, str] | None, done: set[tuple[datetime, str]]
) -> bool:
    return last is None or (mail.at >= last[0] and (mail.at, mail.step) not in done)


def _engagements(progress: Progress, rule: Unengaged) -> set[tuple[datetime, str]]:
    kinds = (Click, Reply, Open) if rule.opens else (Click, Reply)
    return {
        (moment(event), event.step or "")
        for event in progress.events
        if isinstance(event, kinds) and moment(event) >= progress.enrolled_at
    }


def _in_doubt(scene: Scene, track: Track, doubt: Mail) -> Decision:
    until = doubt.at + IN_DOUBT_FOR
    settled = any(
        isinstance(event, SendSettled) and event.send == doubt.send
        for event in scene.progress.events
    )
    if settled or until <= scene.now:
        why = "SendGrid has said what became of it" if settled else "SendGrid has said nothing"
        return Settle(track=track.name, step=doubt.step, send=doubt.send, why=why)
    return Wait(until=until, step=doubt.step, why="in doubt whether SendGrid accepted the mail")


def _skip(track: Track, step: EmailStep, why: str, at: datetime) -> Move:
    return Move(track=track.name, step=step.id, to=step.next, what=What.SKIPPED, why=why, at=at)


def _finish(scene: Scene, name: str, why: str) -> Finish:
    return Finish(ending=Ending(name=name, at=scene.now), why=why)

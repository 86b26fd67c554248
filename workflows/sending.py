"""What becomes of a mail once its moment is found: it waits, goes, is skipped, or ends all."""

from datetime import datetime

from schemas.decisions import Decision, Finish, Move, Send, Wait
from schemas.events import Click, Open, Reply
from schemas.policies import Unengaged
from schemas.progress import Ending, Mail, Progress, Track, What
from schemas.steps import EmailStep
from workflows.conditions import holds, questions
from workflows.endings import HOLDOUT, LEFT_AUDIENCE, UNENGAGED, condition_endings
from workflows.facts import known_at, moment
from workflows.timing import Scene, Slot


def at_slot(scene: Scene, track: Track, step: EmailStep, when: Slot) -> Decision:
    """Decide about a mail that goes at `when`, unless it is too late then."""
    expires = when.expires
    if expires is not None and (when.at is None or max(when.at, scene.now) > expires):
        if when.at is None and step.day is not None:
            return Wait(until=None, step=step.id, why=when.why)
        return _until(scene, track, step, max(expires, track.reached), when.too_late)
    if when.at is None or when.at > scene.now:
        return Wait(until=when.at, step=step.id, why=when.why)
    return _send_or_not(scene, track, step, when)


def _until(scene: Scene, track: Track, step: EmailStep, expires: datetime, why: str) -> Decision:
    if expires > scene.now:
        return Wait(until=expires, step=step.id, why=f"skipped then: {why}")
    return skip(track, step, why, expires)


def _send_or_not(scene: Scene, track: Track, step: EmailStep, when: Slot) -> Decision:
    ended = unwanted(scene, step)
    if ended is not None:
        return unwelcome(track, step, ended, when.at or scene.now)
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


def unwelcome(track: Track, step: EmailStep, ended: Ending, at: datetime) -> Move:
    """Pass over a mail that the contact does not want, at `at` or when that became known."""
    words = "is held out" if ended.name == HOLDOUT else f"has {ended.name}"
    return skip(track, step, f"not sent: the contact {words}", max(at, ended.at, track.reached))


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


def unwanted(scene: Scene, step: EmailStep) -> Ending | None:
    """Give what makes the mail of a step unwelcome, if anything does (rule 24)."""
    return None if step.transactional else scene.unwelcome


def skip(track: Track, step: EmailStep, why: str, at: datetime) -> Move:
    """Pass over a mail, at the moment at which that was due."""
    return Move(track=track.name, step=step.id, to=step.next, what=What.SKIPPED, why=why, at=at)


def _finish(scene: Scene, name: str, why: str) -> Finish:
    return Finish(ending=Ending(name=name, at=scene.now), why=why)

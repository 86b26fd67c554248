"""What becomes of a mail once its moment is found: it waits, goes, is skipped, or ends all."""

from datetime import datetime
from typing import NamedTuple

from schemas.decisions import Decision, Finish, Move, Send, Wait
from schemas.events import Click, Open, Reply
from schemas.policies import Unengaged
from schemas.progress import Ending, Mail, Progress, Skip, Track, What
from schemas.steps import EmailStep
from workflows.deciding.conditions import holds, questions
from workflows.deciding.early import NO_MATCH, has_come, in_place_of
from workflows.deciding.endings import HOLDOUT, LEFT_AUDIENCE, UNENGAGED, condition_endings
from workflows.deciding.facts import known_at, moment
from workflows.deciding.saying import truth
from workflows.moments.slots import Part, Slot
from workflows.moments.timing import Scene

CAPS = 29
"""The rule of the project's caps."""


class Because(NamedTuple):
    """Why a mail is skipped: in a word, and as the timeline says it."""

    skip: Skip
    words: str


Told = tuple[str, str]
"""Why an enrollment ends: in short, and with the values."""


def at_slot(scene: Scene, track: Track, step: EmailStep, when: Slot) -> Decision:
    """Decide about a mail that goes at `when`, unless it is too late then."""
    expires = when.expires
    if expires is not None and (when.at is None or max(when.at, scene.now) > expires):
        if when.at is None and step.day is not None:
            return Wait(until=None, step=step.id, why=when.why)
        return _until(scene, track, step, when, max(expires, track.reached))
    if when.at is None or when.at > scene.now:
        return Wait(until=when.at, step=step.id, why=when.why)
    return _send_or_not(scene, track, step, when)


def _until(scene: Scene, track: Track, step: EmailStep, when: Slot, expires: datetime) -> Decision:
    last = when.too_late
    if expires > scene.now:
        return Wait(until=expires, step=step.id, why=f"skipped then: {last.why}")
    because = Because(Skip.CAPPED if last.rule == CAPS else Skip.LATE, last.why)
    return skip(track, step, because, expires, when.moved(last._replace(at=expires)).parts)


def _send_or_not(scene: Scene, track: Track, step: EmailStep, when: Slot) -> Decision:
    ended = unwanted(scene, step)
    if ended is not None:
        return unwelcome(track, step, ended, when.at or scene.now, when.parts)
    return _early_ending(scene, step) or Send(
        track=track.name,
        step=step.id,
        occurrence=track.occurrence,
        due=when.due,
        why=when.why,
        grounds=when.grounds,
    )


def _early_ending(scene: Scene, step: EmailStep) -> Finish | None:
    early = min(condition_endings(scene.sequence, scene.progress, scene.now), default=None)
    if early is not None:
        return _exited(scene, step, early[2])
    if step.transactional:
        return None
    if (left := _left_audience(scene)) is not None:
        return _finish(scene, step, LEFT_AUDIENCE, left)
    return _unengaged(scene, step)


def _exited(scene: Scene, step: EmailStep, name: str) -> Finish:
    known = known_at(scene.progress, scene.now)
    conditions = (rule.when for rule in scene.sequence.exit_on if rule.name == name and rule.when)
    told = next(truth(one, known) for one in conditions if holds(one, known))
    return _finish(scene, step, name, (has_come(name), told))


def unwelcome(
    track: Track, step: EmailStep, ended: Ending, at: datetime, parts: tuple[Part, ...] = ()
) -> Move:
    """Pass over a mail that the contact does not want, at `at` or when that became known."""
    is_lot = ended.name == HOLDOUT
    words = "the contact is held out" if is_lot else f"the contact has {ended.name}"
    parts = (*parts, Part(22, words) if is_lot else Part(24, words, ended.at))
    because = Because(Skip.HELD_OUT if is_lot else Skip.OPTED_OUT, f"not sent: {words}")
    return skip(track, step, because, max(at, ended.at, track.reached), parts)


def _left_audience(scene: Scene) -> Told | None:
    audience = scene.sequence.audience
    if audience is None or scene.sequence.audience_recheck == "enrollment" or questions(audience):
        return None
    known = known_at(scene.progress, scene.now)
    if holds(audience, known):
        return None
    return NO_MATCH, truth(audience, known)


def _unengaged(scene: Scene, step: EmailStep) -> Finish | None:
    rule = scene.sequence.unengaged
    if rule is None or not _is_unengaged(scene):
        return None
    did = "opened, clicked or replied" if rule.opens else "clicked or replied"
    told = f"nobody {did} after the last {rule.after} marketing mails"
    return _finish(scene, step, UNENGAGED, ("nothing came of the last mails", told))


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


def skip(
    track: Track, step: EmailStep, because: Because, at: datetime, parts: tuple[Part, ...] = ()
) -> Move:
    """Pass over a mail, at the moment at which that was due."""
    return Move(
        track=track.name,
        step=step.id,
        to=step.next,
        what=What.SKIPPED,
        why=because.words,
        skip=because.skip,
        at=at,
        grounds=tuple(part.ground for part in parts),
    )


def _finish(scene: Scene, step: EmailStep, name: str, told: Told) -> Finish:
    why, full = told
    return Finish(ending=in_place_of(step, name, scene.now, f"{why}: {full}"), why=why)

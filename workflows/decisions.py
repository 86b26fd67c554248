"""Choosing what an enrollment does next: pure and total."""

from datetime import datetime

from schemas.decisions import Decision, Finish, Move, Wait
from schemas.progress import Ending, Progress, Track, What
from schemas.sequence import Sequence
from workflows.endings import COMPLETED, first_ending
from workflows.facts import matches, moment
from workflows.reach import started, transactional_can_come
from workflows.steps import at_step, marketing_ended
from workflows.timing import Scene


def decide(sequence: Sequence, progress: Progress, now: datetime) -> Decision:
    """Choose between acting, going on, waiting and finishing; never raises, reads no clock.

    `now` is a whole minute in UTC. What has happened comes before what is due (rule 13).
    """
    scene = Scene(sequence, progress, now)
    return _finish(scene) or _reaction(scene) or _earliest(scene)


def _finish(scene: Scene) -> Finish | None:
    ending = scene.progress.ending or first_ending(scene.sequence, scene.progress)
    if ending is not None:
        return Finish(ending=ending, why=f"ended: {ending.name}")
    marketing = marketing_ended(scene)
    if all(track.at is None for track in scene.progress.tracks):
        name = marketing.name if marketing else COMPLETED
        return _done(scene, name, "every step is done")
    if marketing and not transactional_can_come(scene.sequence, scene.progress):
        return _done(scene, marketing.name, "no transactional mail can come any more")
    return None


def _done(scene: Scene, name: str, why: str) -> Finish:
    return Finish(ending=Ending(name=name, at=scene.now), why=why)


def _reaction(scene: Scene) -> Move | None:
    if any(stop.kind == "pause" and stop.until is None for stop in scene.progress.stops):
        return None
    begun = (_begun(scene, index) for index in range(len(scene.sequence.reactions)))
    return min((move for move in begun if move), key=lambda move: move.at, default=None)


def _begun(scene: Scene, index: int) -> Move | None:
    reaction, progress = scene.sequence.reactions[index], scene.progress
    if started(progress, index) and not reaction.repeat:
        return None
    for event in progress.events:
        mark = f"{index}.{event.id}"
        own = moment(event) >= progress.enrolled_at and mark not in progress.started
        if own and matches(reaction.on, event, progress.key):
            return Move(
                track=f"on-{index}.{started(progress, index) + 1}",
                step=None,
                to=reaction.first,
                at=moment(event),
                what=What.REACTED,
                reaction=mark,
                why=f"{reaction.on.name or reaction.on.kind} {reaction.on.step or ''} came".strip(),
            )
    return None


def _earliest(scene: Scene) -> Decision:
    waits: list[Wait] = []
    for track in _beside_first(scene.progress.tracks):
        decision = at_step(scene, track)
        if not isinstance(decision, Wait):
            return decision
        waits.append(decision)
    return min(waits, key=_until)


def _beside_first(tracks: tuple[Track, ...]) -> list[Track]:
    return [track for track in reversed(tracks) if track.at is not None]


def _until(wait: Wait) -> float:
    return float("inf") if wait.until is None else wait.until.timestamp()

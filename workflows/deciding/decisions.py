"""Choosing what an enrollment does next: pure and total."""

from collections.abc import Iterator
from datetime import UTC, datetime

from schemas.decisions import Decision, Finish, Hold, Move, Release, Send, Wait
from schemas.events import Event
from schemas.matchers import Matcher
from schemas.progress import MAIN, Ending, Progress, What
from schemas.sequence import Sequence
from workflows.deciding.endings import COMPLETED, ending_of, endings, rank_of
from workflows.deciding.facts import matches, moment
from workflows.deciding.reach import started, transactional_can_come
from workflows.deciding.steps import at_step
from workflows.deciding.stops import is_paused, resumed
from workflows.moments.calendar import earlier
from workflows.moments.timing import Scene, scene_of

_AT_ONCE, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def decide(sequence: Sequence, progress: Progress, now: datetime) -> Decision:
    """Choose between acting, going on, waiting and finishing; never raises, reads no clock.

    `now` is a whole minute in UTC. What has happened comes before what is due (rule 13).
    """
    scene = scene_of(sequence, progress, now)
    return _finish(scene) or min(_choices(scene), key=lambda choice: _turn(scene, choice))


def _finish(scene: Scene) -> Finish | None:
    sequence, progress = scene.sequence, scene.progress
    ending = progress.ending or ending_of([*endings(sequence, progress), *_run_out(scene)])
    if ending is None:
        return None
    why = "every step is done" if ending.name == COMPLETED else f"ended: {ending.name}"
    return Finish(ending=ending, why=why)


def _run_out(scene: Scene) -> Iterator[tuple[datetime, int, str]]:
    progress, unwelcome = scene.progress, scene.unwelcome
    done_at = progress.done_at or progress.enrolled_at
    over = all(track.at is None for track in progress.tracks)
    if over:
        yield done_at, rank_of(scene.sequence, COMPLETED), COMPLETED
    if unwelcome and (over or not transactional_can_come(scene.sequence, progress)):
        at = max(unwelcome.at, done_at)
        yield at, rank_of(scene.sequence, unwelcome.name), unwelcome.name


def _choices(scene: Scene) -> Iterator[Decision]:
    yield from _reactions(scene)
    tracks = [track for track in scene.progress.tracks if track.at is not None]
    for track in sorted(tracks, key=lambda one: one.name == MAIN):
        yield at_step(scene, track)


def _turn(scene: Scene, choice: Decision) -> tuple[datetime, datetime]:
    match choice:
        case Move(at=at) | Hold(at=at) | Release(at=at) | Finish(ending=Ending(at=at)):
            return at, _AT_ONCE
        case Wait():
            return choice.until or _NEVER, _AT_ONCE
        case Send():
            return scene.now, choice.due
    return scene.now, _AT_ONCE


def _reactions(scene: Scene) -> Iterator[Move]:
    events = () if is_paused(scene.progress) else scene.progress.events
    for event in events:
        for index in range(len(scene.sequence.reactions)):
            if _begins(scene, index, event):
                yield _begun(scene, index, event)
                return


def _begins(scene: Scene, index: int, event: Event) -> bool:
    reaction, progress = scene.sequence.reactions[index], scene.progress
    if moment(event) < progress.enrolled_at or f"{index}.{event.id}" in progress.started:
        return False
    again = reaction.repeat or not started(progress, index)
    if not again or not matches(reaction.on, event, progress.key):
        return False
    return reaction.on.at_least == 1 or _makes_enough(scene, reaction.on, event)


def _makes_enough(scene: Scene, wanted: Matcher, event: Event) -> bool:
    progress, at = scene.progress, moment(event)
    since = progress.enrolled_at
    if wanted.within is not None:
        since = max(since, earlier(at, wanted.within, progress.zone))
    counted = (
        one
        for one in progress.events
        if since <= moment(one) <= at and matches(wanted, one, progress.key)
    )
    return sum(1 for _ in counted) >= wanted.at_least


def _begun(scene: Scene, index: int, event: Event) -> Move:
    reaction = scene.sequence.reactions[index]
    named = (reaction.on.name or reaction.on.kind, reaction.on.step, "came")
    return Move(
        track=f"on-{index}.{started(scene.progress, index) + 1}",
        step=None,
        to=reaction.first,
        at=resumed(scene.progress, moment(event)),
        what=What.REACTED,
        reaction=f"{index}.{event.id}",
        why=" ".join(word for word in named if word),
    )

"""What a track does at the step it has reached: one pure function a kind of step."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from schemas.calendar import Duration
from schemas.decisions import (
    Decision,
    Effect,
    Finish,
    HandOff,
    Look,
    Move,
    OpenTaskFor,
    Wait,
)
from schemas.events import Event, TaskDone
from schemas.progress import Ending, Ground, Progress, Skip, Track, What
from schemas.steps import (
    EffectStep,
    EmailStep,
    ExitStep,
    HandOffStep,
    NotifyStep,
    SetStep,
    TaskStep,
    UntilStep,
    WaitForStep,
    WaitStep,
    WebhookStep,
    WhenStep,
)
from workflows.deciding.conditions import holds, questions
from workflows.deciding.endings import HOLDOUT
from workflows.deciding.facts import known_at, matches, moment
from workflows.deciding.mailing import at_mail
from workflows.deciding.saying import values_of
from workflows.deciding.stops import pushed
from workflows.moments.anchors import aimed
from workflows.moments.business import lasting, on_business_day
from workflows.moments.timing import Scene
from workflows.moments.windows import next_weekday


def at_step(scene: Scene, track: Track) -> Decision:
    """Decide for one track: act on its step, go on, or wait."""
    step = scene.sequence.step_by_id[track.at or ""]
    return _BY_STEP[type(step)](scene, track, step)


def _wait(scene: Scene, track: Track, step: WaitStep) -> Decision:
    is_first = step.id == (scene.progress.first_step or scene.sequence.first)
    start = scene.progress.first_moment if is_first else track.reached
    due = _lasting(scene, start, step.wait)
    why = f"waits {step.wait.words}"
    if due is None or due > scene.now:
        return Wait(until=due, step=step.id, why=why)
    return _move(track, step.next, What.WAITED, why, due)


def _until(scene: Scene, track: Track, step: UntilStep) -> Decision:
    why = f"waits until {step.text}"
    due = _moment(scene, track, step)
    if due is None:
        return Wait(until=None, step=step.id, why=f"{why}, which is no readable date yet")
    at = max(due, track.reached)
    if at > scene.now:
        return Wait(until=at, step=step.id, why=why)
    return _move(track, step.next, What.WAITED, why, at)


def _moment(scene: Scene, track: Track, step: UntilStep) -> datetime | None:
    sequence, progress = scene.sequence, scene.progress
    if step.at is None:
        return next_weekday(track.reached, step, sequence.window, progress.zone)
    aim = aimed(sequence, progress, step.at, step.at_time)
    return None if aim.due is None else max(aim.due, aim.known_at)


def _wait_for(scene: Scene, track: Track, step: WaitForStep) -> Decision:
    deadline = _lasting(scene, track.reached, step.within)
    found = _awaited(scene, track, step)
    if found is not None and (deadline is None or moment(found[0]) <= deadline):
        event, then = found
        at = max(moment(event), track.reached)
        move = _move(track, then, What.WAITED, f"{_named(event)} came", at)
        return move.model_copy(update={"takes": event.id})
    why = f"waits for {_wanted(step)}, at most {step.within.words}"
    if deadline is None or deadline > scene.now:
        return Wait(until=deadline, step=step.id, why=why)
    return _move(track, step.otherwise, What.WAITED, gone(step), deadline)


def gone(step: WaitForStep) -> str:
    """Say that what a step waits for did not come in time."""
    return f"{_wanted(step)} did not come within {step.within.words}"


def _awaited(scene: Scene, track: Track, step: WaitForStep) -> tuple[Event, str | None] | None:
    progress = scene.progress
    found = [
        (moment(event), order, event.id, event, path.then)
        for event in _since(scene.progress, track, step)
        for order, path in enumerate(step.paths)
        if matches(path.on, event, progress.key) and (step.reuse or event.id not in progress.taken)
    ]
    first = min(found, key=lambda one: one[:3], default=None)
    return None if first is None else (first[3], first[4])


def _since(progress: Progress, track: Track, step: WaitForStep) -> Iterable[Event]:
    if step.since == "always":
        return (*progress.earlier, *progress.events)
    since = track.reached if step.since == "step" else progress.enrolled_at
    return (event for event in progress.events if moment(event) >= since)


def _lasting(scene: Scene, start: datetime, duration: Duration) -> datetime | None:
    sequence, zone = scene.sequence, scene.progress.zone
    ends = pushed(scene.stops, start, lasting(sequence, start, duration, zone))
    return None if ends is None else on_business_day(sequence, ends, duration, zone)


def _when(scene: Scene, track: Track, step: WhenStep) -> Decision:
    asked = questions(step.test)
    if asked and track.counts is None:
        why = f"asks how often {' and '.join(one.event for one in asked)} came"
        return Look(track=track.name, step=step.id, questions=asked, why=why)
    known = replace(known_at(scene.progress, scene.now), counts=track.counts or {})
    true = holds(step.test, known)
    why = f"{step.text} is {'true' if true else 'not true'}"
    to = step.then if true else step.otherwise
    values = values_of(step.test, known)
    ground = Ground(rule=17, words=why if values in ("", why) else f"{why}: {values}")
    move = _move(track, to, What.BRANCHED, why, track.reached)
    return move.model_copy(update={"grounds": (ground,)})


def _task(scene: Scene, track: Track, step: TaskStep) -> Decision:
    if scene.unwelcome is not None:
        return _passed_over(track, step, scene.unwelcome)
    late_at = _late_at(scene, track, step)
    if any((one.step, one.occurrence) == _key(track) for one in scene.progress.open_tasks):
        return _opened(scene, track, step, late_at)
    why = f"time for the task {step.task}"
    return OpenTaskFor(
        track=track.name, step=step.id, occurrence=track.occurrence, late_at=late_at, why=why
    )


def _late_at(scene: Scene, track: Track, step: TaskStep) -> datetime | None:
    if step.within is None:
        return None
    return _lasting(scene, track.reached, step.within)


def _opened(scene: Scene, track: Track, step: TaskStep, late_at: datetime | None) -> Decision:
    done = _done(scene, track)
    if done is not None and (late_at is None or moment(done) <= late_at):
        at = max(moment(done), track.reached)
        return _move(track, step.next, What.TASK_DONE, "the task is done", at)
    if late_at is None or late_at > scene.now:
        return Wait(until=late_at, step=step.id, why=f"waits for the task {step.task}")
    why = "the task was not done in time"
    return _move(track, step.otherwise, What.TASK_TIMED_OUT, why, late_at)


def _key(track: Track) -> tuple[str | None, int]:
    return track.at, track.occurrence


def _done(scene: Scene, track: Track) -> Event | None:
    done = (
        event
        for event in scene.progress.events
        if isinstance(event, TaskDone) and (event.step, event.occurrence) == _key(track)
    )
    return next(done, None)


def _hand_off(scene: Scene, track: Track, step: HandOffStep) -> Decision:
    if scene.unwelcome is not None:
        return _passed_over(track, step, scene.unwelcome)
    return HandOff(track=track.name, step=step.id, to=step.to, why=f"hands over to {step.to}")


def _exit(scene: Scene, track: Track, step: ExitStep) -> Decision:
    at = max(track.reached, scene.progress.done_at or track.reached)
    why = f"the sequence says exit: {step.ending}"
    return Finish(ending=Ending(name=step.ending, at=at, why=f"step {step.id}: {why}"), why=why)


def _effect(scene: Scene, track: Track, step: EffectStep) -> Decision:
    if scene.progress.held_out and scene.unwelcome is not None:
        return _passed_over(track, step, scene.unwelcome)
    why = _EFFECTS[type(step)]
    return Effect(track=track.name, step=step.id, occurrence=track.occurrence, why=why)


def _passed_over(track: Track, step: TaskStep | HandOffStep | EffectStep, ended: Ending) -> Move:
    skip, why = Skip.OPTED_OUT, "passed over: the contact wants no more marketing"
    if ended.name == HOLDOUT:
        skip, why = Skip.HELD_OUT, "passed over: the contact is held out"
    move = _move(track, step.next, What.SKIPPED, why, max(track.reached, ended.at))
    return move.model_copy(update={"skip": skip})


def _move(track: Track, to: str | None, what: What, why: str, at: datetime) -> Move:
    return Move(track=track.name, step=track.at, to=to, what=what, why=why, at=at)


def _named(event: Event) -> str:
    return str(getattr(event, "name", event.kind))


def _wanted(step: WaitForStep) -> str:
    return " or ".join(path.on.name or path.on.kind for path in step.paths)


_EFFECTS: dict[type, str] = {
    SetStep: "changes facts about the contact",
    WebhookStep: "posts a webhook",
    NotifyStep: "tells the owner",
}
_BY_STEP: dict[type, Callable[..., Decision]] = {
    EmailStep: at_mail,
    WaitStep: _wait,
    UntilStep: _until,
    WaitForStep: _wait_for,
    WhenStep: _when,
    TaskStep: _task,
    HandOffStep: _hand_off,
    ExitStep: _exit,
    SetStep: _effect,
    WebhookStep: _effect,
    NotifyStep: _effect,
}

"""What a track does at the step it has reached: one pure function a kind of step."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from schemas.decisions import (
    Decision,
    Finish,
    HandOff,
    Move,
    OpenTaskFor,
    Send,
    Settle,
    Wait,
)
from schemas.events import Event, SendSettled, TaskDone
from schemas.progress import Ending, Mail, Progress, Track, What
from schemas.sequence import (
    EmailStep,
    ExitStep,
    HandOffStep,
    TaskStep,
    WaitForStep,
    WaitStep,
    WhenStep,
)
from workflows.calendar import later
from workflows.conditions import holds
from workflows.endings import LEFT_AUDIENCE, condition_endings
from workflows.facts import known_at, matches, moment
from workflows.stops import pushed
from workflows.timing import Scene, Slot, slot

IN_DOUBT_FOR = timedelta(minutes=30)
"""How long a mail in doubt waits for SendGrid's word before it is settled as not sent."""


def at_step(scene: Scene, track: Track) -> Decision:
    """Decide for one track: act on its step, go on, or wait."""
    step = scene.sequence.step_by_id[track.at or ""]
    return _BY_STEP[type(step)](scene, track, step)


def _email(scene: Scene, track: Track, step: EmailStep) -> Decision:
    for doubt in scene.progress.doubts:
        if (doubt.step, doubt.occurrence) == _key(track):
            return _in_doubt(scene, track, doubt)
    when = slot(scene, track, step)
    if when.at is None or when.at > scene.now:
        return Wait(until=when.at, step=step.id, why=when.why)
    return _send_or_not(scene, track, step, when)


def _send_or_not(scene: Scene, track: Track, step: EmailStep, when: Slot) -> Decision:
    ended = None if step.transactional else scene.unwelcome
    if ended is not None:
        why = f"not sent: the contact has {ended.name}"
        return _move(track, step.next, What.SKIPPED, why, max(when.at or scene.now, ended.at))
    early = min(condition_endings(scene.sequence, scene.progress, scene.now), default=None)
    if early is not None:
        return _finish(scene, early[2], f"the condition of {early[2]} has become true")
    if not step.transactional and not _in_audience(scene):
        return _finish(scene, LEFT_AUDIENCE, "the contact no longer matches the audience")
    return Send(
        track=track.name, step=step.id, occurrence=track.occurrence, due=when.due, why=when.why
    )


def _in_audience(scene: Scene) -> bool:
    audience = scene.sequence.audience
    return audience is None or holds(audience, known_at(scene.progress, scene.now))


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


def _wait(scene: Scene, track: Track, step: WaitStep) -> Decision:
    is_first = step.id == scene.sequence.first
    start = scene.progress.first_moment if is_first else track.reached
    due = pushed(scene.stops, start, later(start, step.wait, scene.progress.zone))
    why = f"waits {step.wait.words}"
    if due is None or due > scene.now:
        return Wait(until=due, step=step.id, why=why)
    return _move(track, step.next, What.WAITED, why, due)


def _wait_for(scene: Scene, track: Track, step: WaitForStep) -> Decision:
    ends = later(track.reached, step.within, scene.progress.zone)
    deadline = pushed(scene.stops, track.reached, ends)
    found = _awaited(scene, track, step)
    if found is not None and (deadline is None or moment(found[0]) <= deadline):
        event, then = found
        at = max(moment(event), track.reached)
        move = _move(track, then, What.WAITED, f"{_named(event)} came", at)
        return move.model_copy(update={"takes": event.id})
    why = f"waits for {_wanted(step)}, at most {step.within.words}"
    if deadline is None or deadline > scene.now:
        return Wait(until=deadline, step=step.id, why=why)
    gone = f"{_wanted(step)} did not come within {step.within.words}"
    return _move(track, step.otherwise, What.WAITED, gone, deadline)


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


def _when(scene: Scene, track: Track, step: WhenStep) -> Decision:
    true = holds(step.test, known_at(scene.progress, scene.now))
    why = f"{step.text} is {'true' if true else 'not true'}"
    to = step.then if true else step.otherwise
    return _move(track, to, What.BRANCHED, why, track.reached)


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
    ends = later(track.reached, step.within, scene.progress.zone)
    return pushed(scene.stops, track.reached, ends)


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
    return Finish(ending=Ending(name=step.ending, at=at), why=why)


def _passed_over(track: Track, step: TaskStep | HandOffStep, ended: Ending) -> Move:
    why = "passed over: the contact wants no more marketing"
    return _move(track, step.next, What.SKIPPED, why, max(track.reached, ended.at))


def _finish(scene: Scene, name: str, why: str) -> Finish:
    return Finish(ending=Ending(name=name, at=scene.now), why=why)


def _move(track: Track, to: str | None, what: What, why: str, at: datetime) -> Move:
    return Move(track=track.name, step=track.at, to=to, what=what, why=why, at=at)


def _named(event: Event) -> str:
    return str(getattr(event, "name", event.kind))


def _wanted(step: WaitForStep) -> str:
    return " or ".join(path.on.name or path.on.kind for path in step.paths)


_BY_STEP: dict[type, Callable[..., Decision]] = {
    EmailStep: _email,
    WaitStep: _wait,
    WaitForStep: _wait_for,
    WhenStep: _when,
    TaskStep: _task,
    HandOffStep: _hand_off,
    ExitStep: _exit,
}

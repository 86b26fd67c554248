"""Where an enrollment stands: what each of its lists waits for."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from schemas.calendar import ZoneTable
from schemas.decisions import Wait
from schemas.matchers import StepId
from schemas.progress import Progress, Track
from schemas.sequence import Sequence
from schemas.steps import AnyStep, EmailStep, TaskStep, UntilStep, WaitForStep, WaitStep
from workflows.after.deferring import braked
from workflows.deciding.steps import at_step
from workflows.moments.calendar import shown_in
from workflows.moments.intervals import Interval
from workflows.moments.timing import Scene, scene_of
from workflows.telling.words import awaited, kept_while


class Place(NamedTuple):
    """The step at which a list waits, until when (None: until something happens), and why.

    `stop` is what keeps it, if nobody knows until when; `brake` says why a mail is kept back by
    hand.
    """

    step: AnyStep
    until: datetime | None
    why: str
    stop: Interval | None = None
    brake: str = ""


Places = dict[tuple[StepId, int], Place]
"""Where it waits, by step and occurrence."""


def places_of(sequence: Sequence, progress: Progress, now: datetime) -> Places:
    """Give each place at which a list waits."""
    scene, places = scene_of(sequence, progress, now), Places()
    for track in progress.tracks:
        decision = None if track.at is None else at_step(scene, track)
        if isinstance(decision, Wait) and track.at is not None:
            places[track.at, track.occurrence] = _place(scene, track, decision)
    return places


def told_at(place: Place, zone: ZoneTable) -> str:
    """Say what a step does that waits: `waits 3 days, until Thu 05 Mar 2026 10:00`."""
    at = None if place.until is None else shown_in(place.until, zone)
    return _TOLD[type(place.step)](place.step, place, at)


def _place(scene: Scene, track: Track, wait: Wait) -> Place:
    step = scene.sequence.step_by_id[track.at or ""]
    stops = scene.stops_of(step) if isinstance(step, EmailStep) else scene.stops
    stop = next((one for one in stops if one.until is None and wait.until is None), None)
    brake = braked(scene.progress, step.id, track.occurrence)
    return Place(step, wait.until, wait.why, stop, "" if brake is None else brake.why)


def _mail(_: EmailStep, place: Place, at: str | None) -> str:
    if place.stop is not None:
        return f"waits as long as {kept_while(place.stop)}"
    if place.brake:
        return f"is kept back: {place.brake}; it goes when that is released"
    return f"waits until {at}: {place.why}" if at else f"waits: {place.why}"


def _wait(step: WaitStep, place: Place, at: str | None) -> str:
    return f"waits {step.wait.words}{f', until {at}' if at else _still(place)}"


def _until(step: UntilStep, place: Place, at: str | None) -> str:
    return f"waits until {step.text}: {at}" if at else f"{place.why}{_still(place)}"


def _wait_for(step: WaitForStep, place: Place, at: str | None) -> str:
    latest = f", until {at}" if at else ""
    return f"waits {step.within.words} at most{latest}, for this: {awaited(step)}{_still(place)}"


def _task(step: TaskStep, place: Place, at: str | None) -> str:
    return f"waits for the task {step.task}{f', until {at} at the latest' if at else _still(place)}"


def _still(place: Place) -> str:
    return (
        ""
        if place.stop is None
        else f"; its clock stands still as long as {kept_while(place.stop)}"
    )


_TOLD: dict[type, Callable[..., str]] = {
    EmailStep: _mail,
    WaitStep: _wait,
    UntilStep: _until,
    WaitForStep: _wait_for,
    TaskStep: _task,
}

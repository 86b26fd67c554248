"""Where an enrollment stands: what each of its lists waits for."""

from datetime import datetime
from typing import NamedTuple

from schemas.calendar import ZoneTable
from schemas.decisions import Wait
from schemas.matchers import StepId
from schemas.progress import Progress
from schemas.sequence import Sequence
from workflows.deciding.steps import at_step
from workflows.moments.calendar import shown_in
from workflows.moments.timing import scene_of


class Place(NamedTuple):
    """The step at which a list waits, until when (None: until something happens), and why."""

    step: StepId
    until: datetime | None
    why: str


Places = dict[tuple[StepId, int], Place]
"""Where it waits, by step and occurrence."""


def places_of(sequence: Sequence, progress: Progress, now: datetime) -> Places:
    """Give each place at which a list waits."""
    scene, places = scene_of(sequence, progress, now), Places()
    for track in progress.tracks:
        decision = None if track.at is None else at_step(scene, track)
        if isinstance(decision, Wait) and track.at is not None:
            place = Place(track.at, decision.until, decision.why)
            places[track.at, track.occurrence] = place
    return places


def place_told(place: Place, zone: ZoneTable) -> str:
    """Say where it waits, until when and why."""
    if place.until is None:
        return f"{place.step} waits until something happens: {place.why}."
    return f"{place.step} waits until {shown_in(place.until, zone)}: {place.why}."

"""Moving a track on, and writing the timeline."""

from datetime import datetime

from schemas.decisions import Move
from schemas.matchers import StepId
from schemas.progress import MAIN, Ending, Entry, Progress, Track, What

Changes = dict[str, object]
"""New values of an enrollment's fields, by their names."""


def stepped(progress: Progress, name: str, to: StepId | None, at: datetime) -> Changes:
    """Put the track `name` at the step `to`, reached at `at`; a list beside that is done goes."""
    tracks = tuple(
        track.model_copy(update={"at": to, "reached": at, "counts": None})
        if track.name == name
        else track
        for track in progress.tracks
    )
    kept = tuple(track for track in tracks if track.at is not None or track.name == MAIN)
    return {"tracks": kept, "done_at": max(at, progress.done_at or at)}


def begun_beside(progress: Progress, move: Move) -> Changes:
    """Begin the list of an entry of `on:` beside the others."""
    occurrence = int(move.track.rpartition(".")[2])
    track = Track(name=move.track, at=move.to, reached=move.at, occurrence=occurrence)
    return {
        "tracks": (*progress.tracks, track),
        "started": (*progress.started, move.reaction),
    }


def noted(
    progress: Progress, at: datetime, what: What, step: StepId | None, why: str, **changes: object
) -> Progress:
    """Add a line to the timeline, and make the `changes` to other fields that it tells of."""
    entry = Entry(at=at, what=what, step=step, why=why)
    return progress.model_copy(update={**changes, "timeline": (*progress.timeline, entry)})


def ended(progress: Progress, ending: Ending) -> Progress:
    """Put the ending down; the first one is never replaced."""
    if progress.ending is not None:
        return progress
    return noted(progress, ending.at, What.ENDED, None, ending.name, ending=ending)

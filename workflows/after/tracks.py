"""Moving a track on, and writing the timeline."""

from datetime import datetime

from schemas.decisions import Move
from schemas.matchers import StepId
from schemas.progress import MAIN, Ending, Entry, Ground, Mail, Progress, Track, What
from workflows.deciding.causes import BY_NAME, cause_of

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
    occurrence = occurrence_of(move.track)
    track = Track(name=move.track, at=move.to, reached=move.at, occurrence=occurrence)
    return {
        "tracks": (*progress.tracks, track),
        "started": (*progress.started, move.reaction),
    }


def noted(
    progress: Progress, at: datetime, what: What, step: StepId | None, why: str, **changes: object
) -> Progress:
    """Add a line to the timeline, and make the `changes` to other fields that it tells of."""
    return put_down(progress, Entry(at=at, what=what, step=step, why=why), **changes)


def put_down(progress: Progress, entry: Entry, **changes: object) -> Progress:
    """Add an entry to the timeline, and make the `changes` to other fields that it tells of."""
    return progress.model_copy(update={**changes, "timeline": (*progress.timeline, entry)})


def was_sent_again(progress: Progress, mail: Mail) -> bool:
    """Tell whether a mail was in doubt before, and was sent again for it."""
    return any(
        (entry.what, entry.step, entry.occurrence) == (What.SENT_AGAIN, mail.step, mail.occurrence)
        for entry in progress.timeline
    )


def occurrence_of(track: str) -> int:
    """Give the how-manieth time it is that the list of a track is done."""
    return 1 if track == MAIN else int(track.rpartition(".")[2])


def ended(progress: Progress, ending: Ending, unheard: str = "") -> Progress:
    """Put the ending down; the first one is never replaced.

    `unheard` says what is known of one whose event has not come yet.
    """
    if progress.ending is not None:
        return progress
    why = ending.why or cause_of(progress, ending) or unheard
    return put_down(progress, _over(ending, why), ending=ending)


def amended(timeline: tuple[Entry, ...], ending: Ending) -> tuple[Entry, ...]:
    """Give a timeline that told of another ending with the one that counts."""
    why = ending.why or BY_NAME.get(ending.name) or "that was on record before"
    return (*(one for one in timeline if one.what is not What.ENDED), _over(ending, why))


def _over(ending: Ending, why: str) -> Entry:
    ground = Ground(rule=37, words=why)
    return Entry(at=ending.at, what=What.ENDED, why=ending.name, grounds=(ground,))

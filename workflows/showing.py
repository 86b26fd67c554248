"""What people see of an enrollment: its state in a word, its view, its details in the UI."""

from datetime import datetime

from schemas.decisions import Decision, Finish, Wait
from schemas.enrollment import ProgressView, State
from schemas.names import (
    ATTRIBUTE_ENDING,
    ATTRIBUTE_HELD,
    ATTRIBUTE_SEQUENCE,
    ATTRIBUTE_STATE,
    ATTRIBUTE_STEP,
    ATTRIBUTE_VERSION,
)
from schemas.outcomes import Enrolled
from schemas.progress import MAIN, Progress
from schemas.sequence import Sequence
from workflows.deciding.decisions import decide
from workflows.deciding.endings import endings
from workflows.deciding.stops import stop_at, stops
from workflows.moments.calendar import shown
from workflows.telling.explaining import explained

_STATE_BY_STOP: dict[str, State] = {
    "pause": "paused",
    "hold": "held",
    "away": "away",
    "turn": "waiting",
    "suppressed": "suppressed",
}
_VERSION_SHOWN = 12
_HELD_SHOWN = 120
_ENTRIES_SHOWN = 30


def state_of(sequence: Sequence, progress: Progress, now: datetime) -> State:
    """Give the enrollment's state in a word."""
    if progress.ending is not None or any(True for _ in endings(sequence, progress)):
        return "ended"
    stop = stop_at(stops(sequence, progress), now)
    if stop is not None:
        return _STATE_BY_STOP[stop.kind]
    if progress.doubts:
        return "in_doubt"
    here = {(track.at, track.occurrence) for track in progress.tracks}
    braked = (one for one in progress.deferrals if one.shows)
    return "braked" if any((one.step, one.occurrence) in here for one in braked) else "live"


def view(enrolled: Enrolled, progress: Progress, now: datetime) -> ProgressView:
    """Give what the query `progress` answers."""
    decision = decide(enrolled.sequence, progress, now)
    return ProgressView(
        sequence=enrolled.sequence.name,
        version=enrolled.version,
        row=enrolled.row,
        state=state_of(enrolled.sequence, progress, now),
        progress=progress,
        next=decision if isinstance(decision, Wait) else None,
        explained=explained(enrolled.sequence, progress, now),
    )


def attributes(enrolled: Enrolled, progress: Progress, now: datetime) -> dict[str, str]:
    """Give the search attributes by name; an empty text means: none."""
    holds = [stop.reason for stop in progress.stops if stop.kind == "hold" and not stop.until]
    main = next(track for track in progress.tracks if track.name == MAIN)
    return {
        ATTRIBUTE_SEQUENCE: enrolled.sequence.name,
        ATTRIBUTE_VERSION: enrolled.version[:_VERSION_SHOWN],
        ATTRIBUTE_STATE: state_of(enrolled.sequence, progress, now),
        ATTRIBUTE_STEP: main.at or "",
        ATTRIBUTE_ENDING: progress.ending.name if progress.ending else "",
        ATTRIBUTE_HELD: holds[0][:_HELD_SHOWN] if holds else "",
    }


def details(progress: Progress, decision: Decision) -> str:
    """Write, in Markdown, where the enrollment stands, why, what comes next, and what was."""
    past = [
        f"- {shown(entry.at, progress.zone)}: **{entry.what}** {_step(entry.step)}{entry.why}"
        for entry in progress.timeline[-_ENTRIES_SHOWN:]
    ]
    return "\n".join([_now(progress, decision), "", "**So far**", "", *past])


def _now(progress: Progress, decision: Decision) -> str:
    if isinstance(decision, Finish):
        return f"**Ended: {decision.ending.name}**, {shown(decision.ending.at, progress.zone)}"
    if isinstance(decision, Wait):
        until = shown(decision.until, progress.zone) if decision.until else "something happens"
        return f"**Next: {decision.step}**, waits until {until}. Why: {decision.why}."
    return f"**Now: {decision.kind} {getattr(decision, 'step', '') or ''}**. Why: {decision.why}."


def _step(step: str | None) -> str:
    return f"`{step}` " if step else ""

"""An enrollment that has just begun, what is acted on it, and what is told of its steps."""

from datetime import timedelta

from schemas.events import Event
from schemas.explained import Explained
from schemas.outcomes import SendOutcome
from schemas.progress import Progress
from schemas.sequence import Sequence
from tests.builders import MONDAY, a_progress, act
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send
from workflows.deciding.decisions import decide

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TWO_MAILS = "steps: [{email: intro, day: 1}, {email: note, day: 3}]"


def begun(sequence: Sequence, *events: Event) -> Progress:
    progress = a_progress(sequence)
    for event in events:
        progress = after_event(sequence, progress, event, MONDAY)
    return progress


def acted(sequence: Sequence, progress: Progress, outcome: SendOutcome | None = None) -> Progress:
    """Do what is decided on Monday, a mail ending so."""
    decision = decide(sequence, progress, MONDAY)
    if outcome is not None and decision.kind == "send":
        return after_send(sequence, progress, decision, outcome, MONDAY)
    return act(sequence, progress, decision, MONDAY)


def why_of(told: Explained, step: str) -> tuple[str, str]:
    return next((one.fate, one.why) for one in told.steps if one.step == step)

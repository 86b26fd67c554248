"""What a beginning enrollment must know of before it: the events that its sequence asks for."""

from datetime import timedelta

from sqlalchemy import Connection

from schemas.events import Event
from schemas.sequence import Sequence
from schemas.steps import WaitForStep
from storage import events
from storage.rows import EnrollmentRow


def earlier(connection: Connection, sequence: Sequence, row: EnrollmentRow) -> tuple[Event, ...]:
    """Give the events up to the enrollment's minute that a wait or a fact goes back to."""
    asked = _asked_of_the_past(sequence)
    if not asked:
        return ()
    return tuple(events.earlier(connection, row.contact_id, asked, row.enrolled_at + _ITS_MINUTE))


def _asked_of_the_past(sequence: Sequence) -> set[str]:
    facts = sequence.suppress_while
    asked = set() if facts is None else {f"event:{name}" for name in (*facts.opens, *facts.closes)}
    matchers = (
        path.on
        for step in sequence.steps
        if isinstance(step, WaitForStep) and step.since == "always"
        for path in step.paths
    )
    return asked | {f"event:{on.name}" if on.kind == "event" else on.kind for on in matchers}


# What came in the minute of the enrollment came before it, or is signalled to it too.
_ITS_MINUTE = timedelta(minutes=1)

"""Where and how an enrollment begins: at which step, and paused or not (language rule 40)."""

from difflib import get_close_matches

from sqlalchemy import Connection

from schemas.enrollment import EnrollmentStart
from schemas.events import Control
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from storage import enrollments
from storage.rows import EnrollmentRow


def unknown_step(sequence: Sequence, step: str | None) -> Refused | None:
    """Refuse to begin at a step that is none of the main list."""
    if step is None or step in sequence.main_steps:
        return None
    if step in sequence.step_by_id:
        message = (
            f"the step {step} of {sequence.name} stands in a branch or in `on`: an enrollment "
            "begins at a step of the main list"
        )
    else:
        near = get_close_matches(step, sequence.main_steps, n=1)
        known = f"did you mean {near[0]}?" if near else f"known: {', '.join(sequence.main_steps)}"
        message = f"{sequence.name} has no step {step} ({known})"
    return Refused(reason="unknown_step", message=message)


def pause_at_once(connection: Connection, row: EnrollmentRow, start: EnrollmentStart) -> None:
    """Pause what is just being put on record, if it is to begin so: then nothing is claimed."""
    for control in paused(row, start):
        enrollments.pause(connection, row.id, control, row.enrolled_at)


def paused(row: EnrollmentRow, start: EnrollmentStart) -> tuple[Control, ...]:
    """Give the command with which an enrollment begins, if it begins paused."""
    if start.paused is None:
        return ()
    who, why, mark = start.paused.who, start.paused.why, start.paused.id or f"start.{row.id}"
    return (Control(id=mark, at=row.enrolled_at, action="pause", who=who, why=why),)

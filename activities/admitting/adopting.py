"""Enrollments on record before their workflow asks: what a hand-off reserved, what begins again."""

from sqlalchemy import Connection

from schemas.activities import BeginRequest
from schemas.outcomes import Refused
from schemas.progress import Entry, What
from storage import enrollments
from storage.enrollments import NewEnrollment
from storage.rows import EnrollmentRow
from workflows.deciding.endings import STOPPED


def adopted(
    connection: Connection, row: EnrollmentRow, request: BeginRequest
) -> EnrollmentRow | Refused:
    """Give the enrollment to the run that asks, unless it ended before it could begin."""
    if row.run_id is None:
        taken = NewEnrollment(**row.model_dump(exclude={"run_id"}), run_id=request.run_id)
        enrollments.begin(connection, taken)
        if row.ended_at is not None:
            enrollments.close(connection, row.id, _timeline(row))
    if row.ended_at is None or (row.run_id and row.closed_wall is None):
        return row
    message = f"{row.workflow_id} had ended ({row.ending}) before it could begin"
    return Refused(reason=row.ending or STOPPED, message=message)


def _timeline(row: EnrollmentRow) -> tuple[Entry, ...]:
    enrolled_at = Entry(at=row.enrolled_at, what=What.ENROLLED, why=row.sequence)
    ended = row.ended()
    if ended is None:
        return (enrolled_at,)
    return (enrolled_at, Entry(at=ended.at, what=What.ENDED, why=ended.name))

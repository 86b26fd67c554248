"""Ending an enrollment: its record closed, with the ending that counts and the whole timeline."""

from uuid import UUID

from sqlalchemy import Engine

from activities import endings
from schemas.activities import EndRequest
from schemas.progress import Ending, Entry
from storage import enrollments, tasks
from workflows.after.tracks import amended


def end(engine: Engine, request: EndRequest) -> Ending:
    """Close the record and the open tasks; give the ending on record, which may be an earlier one.

    Repeating it changes nothing.
    """
    row = UUID(request.row)
    with engine.begin() as connection:
        ending = endings.put_down(connection, row, request.ending, request.rank)
        tasks.close_of(connection, row)
        enrollments.close(connection, row, _timeline(request, ending))
    return ending


def _timeline(request: EndRequest, ending: Ending) -> tuple[Entry, ...]:
    asked = request.ending
    if (ending.name, ending.at) == (asked.name, asked.at):
        return request.timeline
    return amended(request.timeline, ending)

"""Leaving before it began: a workflow was cancelled while it waited for its day or its turn."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.admitting import moving_up
from activities.admitting.refusing import put_down_refusal
from activities.endings import put_down
from activities.turns import withdraw
from schemas.activities import BeginRequest, LeaveRequest
from schemas.outcomes import Refused
from schemas.progress import Ending
from storage import enrollments, tasks
from storage.entering import places
from storage.entering.places import Withdrawal
from storage.people import contacts
from workflows.deciding.endings import STOPPED

_RANK = 1000


def leave(engine: Engine, request: LeaveRequest) -> Refused:
    """Give a start's place and turn to others, and refuse it; asked again, the answer is the same.

    What it has begun after all, unknown to its workflow, ends.
    """
    off = _withdrawal(request)
    message = f"{request.workflow_id} was called off by {off.by}" + (f": {off.why}" * bool(off.why))
    refused = Refused(reason=off.name, message=message)
    with engine.begin() as connection:
        contacts.lock(connection, request.start.contact)
        _end(connection, request, off.name)
        place = places.of_run(connection, request.workflow_id, request.run_id)
        if place is not None:
            moving_up.withdraw(connection, place, off)
        withdraw(connection, request.workflow_id, refused, request.now)
        put_down_refusal(connection, refused, request)
    return refused


def _withdrawal(request: LeaveRequest) -> Withdrawal:
    control = request.control
    if control is None:
        why = "its workflow was cancelled"
        return Withdrawal(by="Temporal", why=why, at=request.now, name=STOPPED)
    name = control.ending or STOPPED
    return Withdrawal(by=control.who, why=control.why, at=request.now, name=name)


def _end(connection: Connection, request: BeginRequest, name: str) -> None:
    row = enrollments.on_record(connection, request.workflow_id, request.run_id)
    if row is not None and row.run_id == request.run_id:
        at: datetime = max(request.now, row.enrolled_at)
        put_down(connection, row.id, Ending(name=name, at=at), _RANK)
        tasks.close_of(connection, row.id)
        enrollments.close(connection, row.id, ())

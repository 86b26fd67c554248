"""Committing an operator's commands."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from activities import endings
from schemas.activities import ControlRequest
from schemas.events import Control
from schemas.progress import Ending
from storage import controls, enrollments
from workflows.deciding.endings import STOPPED

_RANK = 1000


def record_control(engine: Engine, request: ControlRequest) -> None:
    """Commit a pause, resume, exit or skip; from then on no mail is claimed against it.

    Repeating it changes nothing. ValueError if the command has no moment.
    """
    control = request.control
    if control.at is None:
        raise ValueError("A command is recorded at its own moment: give it one.")
    with engine.begin() as connection:
        _BY_ACTION[control.action](connection, UUID(request.row), control, control.at)


def _exit(connection: Connection, row: UUID, control: Control, at: datetime) -> bool:
    endings.put_down(connection, row, Ending(name=STOPPED, at=at), _RANK)
    return controls.record(connection, row, control, at)


_BY_ACTION: dict[str, Callable[[Connection, UUID, Control, datetime], bool]] = {
    "pause": enrollments.pause,
    "resume": enrollments.resume,
    "exit": _exit,
    "skip": controls.record,
}

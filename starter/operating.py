"""An operator's commands: committed in PostgreSQL first, told to the workflow afterwards."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection, Engine
from temporalio.client import Client

from schemas.events import Control
from schemas.outcomes import Refused
from schemas.progress import Ending
from schemas.values import Value, cut
from starter.asking import ask
from starter.moments import moment_of
from starter.relay import deliver_pending
from storage import controls, deliveries, enrolled, enrollments, versions
from storage.rows import EnrollmentRow
from workflows.endings import STOPPED, rank_of

Action = Literal["pause", "resume", "exit"]


class Order(Value):
    """What an operator commands, at what time by the clock on the wall; who and why are kept."""

    action: Action
    who: str
    why: str = ""
    wall: datetime


class Commanded(Value):
    """The command is committed: from now on nothing goes against it."""

    workflow_id: str
    action: Action
    at: datetime


async def command(client: Client, engine: Engine, ref: str, order: Order) -> Commanded | Refused:
    """Pause, resume or end the enrollment that a workflow id or our own id names.

    It counts from its acknowledgement on, whatever the worker does.
    """
    row = await asyncio.to_thread(_find, engine, ref)
    if row is None:
        return unknown_enrollment(ref)
    if order.action == "resume" and row.paused_at is None and not await _is_held(client, row):
        message = f"{row.workflow_id} is neither paused nor held: there is nothing to resume"
        return Refused(reason="not_paused", message=message)
    at = cut(await moment_of(client, row.workflow_id, order.wall))
    control = Control(id=uuid4().hex, at=at, action=order.action, who=order.who, why=order.why)
    refused = await asyncio.to_thread(_commit, engine, row, control, at)
    if refused is not None:
        return refused
    await deliver_pending(engine, client)
    return Commanded(workflow_id=row.workflow_id, action=order.action, at=at)


def unknown_enrollment(ref: str) -> Refused:
    """Refuse a name that no enrollment has."""
    message = f"there is no enrollment {ref}: `postroad list` shows those that there are"
    return Refused(reason="unknown_enrollment", message=message)


def _find(engine: Engine, ref: str) -> EnrollmentRow | None:
    with engine.connect() as connection:
        return enrolled.find(connection, ref)


async def _is_held(client: Client, row: EnrollmentRow) -> bool:
    view = await ask(client, row.workflow_id)
    return view is None or view.state in {"held", "paused"}


def _commit(engine: Engine, row: EnrollmentRow, control: Control, at: datetime) -> Refused | None:
    with engine.connect() as connection:
        if _COMMIT_BY_ACTION[control.action](connection, row, control, at):
            deliveries.enqueue(connection, row.workflow_id, control)
            connection.commit()
            return None
        connection.rollback()
        return _too_late(enrolled.get(connection, row.id), control)


def _pause(connection: Connection, row: EnrollmentRow, control: Control, at: datetime) -> bool:
    return enrollments.pause(connection, row.id, control, at)


def _resume(connection: Connection, row: EnrollmentRow, control: Control, at: datetime) -> bool:
    if row.paused_at is None:
        return row.ended_at is None and controls.record(connection, row.id, control, at)
    return enrollments.resume(connection, row.id, control, at)


def _exit(connection: Connection, row: EnrollmentRow, control: Control, at: datetime) -> bool:
    version = versions.get(connection, row.version)
    if row.ended_at is not None or version is None:
        return False
    controls.record(connection, row.id, control, at)
    stopped = Ending(name=STOPPED, at=at)
    return enrollments.end(connection, row.id, stopped, rank_of(version.sequence, STOPPED)) == (
        stopped
    )


_COMMIT_BY_ACTION: dict[str, Callable[[Connection, EnrollmentRow, Control, datetime], bool]] = {
    "pause": _pause,
    "resume": _resume,
    "exit": _exit,
}


def _too_late(row: EnrollmentRow, control: Control) -> Refused:
    if row.ended_at is not None:
        message = f"{row.workflow_id} has ended already ({row.ending}): nothing is left to change"
        return Refused(reason="ended", message=message)
    message = f"{row.workflow_id} is {control.action}d already"
    return Refused(reason=f"{control.action}d", message=message)

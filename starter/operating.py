"""An operator's commands: committed in PostgreSQL first, told to the workflow afterwards."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection, Engine
from temporalio.client import Client

from activities.endings import put_down
from schemas.enrollment import ProgressView
from schemas.events import Control
from schemas.outcomes import Refused
from schemas.progress import Ending
from schemas.values import Value, cut
from starter.asking import ask
from starter.enrolling.calling_off import (
    call_off,
    is_in_line,
    leave_line,
    not_begun,
    waiting,
    waits_for_its_turn,
)
from starter.moments import moment_of
from starter.outgoing.relay import deliver_pending
from storage import controls, deliveries, enrolled, enrollments, versions
from storage.entering.places import Place
from storage.rows import EnrollmentRow
from workflows.deciding.endings import STOPPED, rank_of

Action = Literal["pause", "resume", "exit", "skip"]


class Order(Value):
    """What an operator commands, at what time by the clock on the wall; who and why are kept.

    An `id` makes a repeat harmless.
    """

    action: Action
    who: str
    why: str = ""
    wall: datetime
    id: str | None = None


class Commanded(Value):
    """The command is committed: from now on nothing goes against it."""

    workflow_id: str
    action: Action
    at: datetime


async def command(client: Client, engine: Engine, ref: str, order: Order) -> Commanded | Refused:
    """Pause, resume, skip or end the enrollment that a workflow id or our own id names.

    It counts from its acknowledgement on, whatever the worker does.
    """
    row = await asyncio.to_thread(_find, engine, ref)
    if row is None or row.ended_at is not None:
        name = ref if row is None else row.workflow_id
        answer = await _command_waiting(client, engine, name, order)
        if answer is not None:
            return answer
    if row is None:
        return unknown_enrollment(ref)
    refused = await _idle(client, row, order)
    if refused is not None:
        return refused
    at = cut(await moment_of(client, row.workflow_id, order.wall))
    commanded = await asyncio.to_thread(_commit, engine, row, order, at)
    await deliver_pending(engine, client)
    return commanded


async def _command_waiting(
    client: Client, engine: Engine, workflow_id: str, order: Order
) -> Commanded | Refused | None:
    """Command who has not begun and waits, if anybody does: for a day, or for a turn."""
    place = await asyncio.to_thread(waiting, engine, workflow_id)
    if place is not None:
        return await _call_off(client, engine, place, order)
    if not await asyncio.to_thread(is_in_line, engine, workflow_id):
        return None
    at = cut(await moment_of(client, workflow_id, order.wall))
    answer = await asyncio.to_thread(_withdraw, engine, workflow_id, order, at)
    await deliver_pending(engine, client)
    return answer


def _withdraw(
    engine: Engine, workflow_id: str, order: Order, at: datetime
) -> Commanded | Refused | None:
    if order.action != "exit":
        return waits_for_its_turn(workflow_id) if is_in_line(engine, workflow_id) else None
    if not leave_line(engine, workflow_id, who=order.who, why=order.why, at=at):
        return None
    return Commanded(workflow_id=workflow_id, action=order.action, at=at)


async def _call_off(
    client: Client, engine: Engine, place: Place, order: Order
) -> Commanded | Refused:
    if order.action != "exit":
        return not_begun(place)
    at = cut(await moment_of(client, place.workflow_id, order.wall))
    say = partial(call_off, engine, place, who=order.who, why=order.why, at=at)
    if not await asyncio.to_thread(say):
        return await command(client, engine, place.workflow_id, order)
    await deliver_pending(engine, client)
    return Commanded(workflow_id=place.workflow_id, action=order.action, at=at)


def commit_order(engine: Engine, ref: str, order: Order) -> Commanded | Refused:
    """Do the same at `order.wall` without asking Temporal; a relay brings the signal."""
    row, at = _find(engine, ref), cut(order.wall)
    if row is None or row.ended_at is not None:
        answer = _withdraw(engine, ref if row is None else row.workflow_id, order, at)
        if answer is not None:
            return answer
    return unknown_enrollment(ref) if row is None else _commit(engine, row, order, at)


def unknown_enrollment(ref: str) -> Refused:
    """Refuse a name that no enrollment has."""
    message = f"there is no enrollment {ref}: `postroad list` shows those that there are"
    return Refused(reason="unknown_enrollment", message=message)


def _find(engine: Engine, ref: str) -> EnrollmentRow | None:
    with engine.connect() as connection:
        return enrolled.find(connection, ref)


def ended_already(row: EnrollmentRow) -> Refused:
    """Refuse to change an enrollment that is over."""
    message = f"{row.workflow_id} has ended already ({row.ending}): nothing is left to change"
    return Refused(reason="ended", message=message)


async def _idle(client: Client, row: EnrollmentRow, order: Order) -> Refused | None:
    """Refuse a command that would change nothing, as far as the enrollment itself can be asked."""
    if row.ended_at is not None or order.action not in _WANTS:
        return None
    if order.action == "resume" and row.paused_at is not None:
        return None
    view = await ask(client, row.workflow_id)
    wanted, reason, words = _WANTS[order.action]
    if view is None or wanted(view):
        return None
    message = f"{row.workflow_id} {words}: there is nothing to {order.action}"
    return Refused(reason=reason, message=message)


def _commit(engine: Engine, row: EnrollmentRow, order: Order, at: datetime) -> Commanded | Refused:
    # The enrollment's own moment may still be ahead: an ending before it would not be its own.
    at = max(at, row.enrolled_at)
    control = Control(
        id=order.id or uuid4().hex, at=at, action=order.action, who=order.who, why=order.why
    )
    with engine.connect() as connection:
        if not _COMMIT_BY_ACTION[order.action](connection, row, control, at):
            connection.rollback()
            return _too_late(enrolled.get(connection, row.id), control)
        deliveries.enqueue(connection, row.workflow_id, control)
        connection.commit()
    return Commanded(workflow_id=row.workflow_id, action=order.action, at=at)


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
    return put_down(connection, row.id, stopped, rank_of(version.sequence, STOPPED)) == stopped


def _skip(connection: Connection, row: EnrollmentRow, control: Control, at: datetime) -> bool:
    controls.record(connection, row.id, control, at)
    return enrolled.get(connection, row.id).ended_at is None


def _is_stopped(view: ProgressView) -> bool:
    return view.state in {"held", "paused"}


def _is_held_for_a_date(view: ProgressView) -> bool:
    stops = () if view.progress is None else view.progress.stops
    return any(stop.cause is not None and stop.until is None for stop in stops)


_WANTS: dict[str, tuple[Callable[[ProgressView], bool], str, str]] = {
    "resume": (_is_stopped, "not_paused", "is neither paused nor held"),
    "skip": (_is_held_for_a_date, "not_held", "is not held at a mail for its date"),
}
_COMMIT_BY_ACTION: dict[str, Callable[[Connection, EnrollmentRow, Control, datetime], bool]] = {
    "pause": _pause,
    "resume": _resume,
    "exit": _exit,
    "skip": _skip,
}


def _too_late(row: EnrollmentRow, control: Control) -> Refused:
    if row.ended_at is not None:
        return ended_already(row)
    message = f"{row.workflow_id} is {control.action}d already"
    return Refused(reason=f"{control.action}d", message=message)

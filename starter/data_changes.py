"""What an enrollment was given changes: on record once, told to that enrollment alone."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.sequences import sequences
from schemas.events import DataChanged
from schemas.ids import enrollment_id
from schemas.outcomes import Refused
from schemas.values import Facts, Value, cut
from starter.enrolling.enrollments import UNKNOWN_CONTACT
from starter.moments import moment_of
from starter.operating import ended_already, unknown_enrollment
from starter.outgoing.relay import deliver_pending
from storage import deliveries, enrolled, enrollments, events, versions
from storage.events import DATA_CHANGED, NewEvent
from storage.people import contacts
from storage.rows import EnrollmentRow

Connect = Callable[[], Awaitable[Client]]


class Place(Value):
    """An enrollment by what it is: the contact by id, external key or address, and its key."""

    sequence: str
    contact: str
    key: str | None = None


class Change(Value):
    """New values of `data.…`; None takes one away.

    The same `id` counts once for an enrollment; without `at` it is `wall`, or the enrollment's
    own moment where its clock was moved ahead.
    """

    facts: Facts
    id: str | None = None
    at: datetime | None = None
    wall: datetime
    source: Literal["api", "cli"] = "api"


class Changed(Value):
    """The change is committed, and its enrollment hears of it; a repeat is not `new`."""

    workflow_id: str
    at: datetime
    new: bool


class _Whose(NamedTuple):
    workflow_id: str
    contact: str
    row: UUID | None
    run: str | None


async def change_data(
    client: Client, engine: Engine, whom: str | Place, change: Change
) -> Changed | Refused:
    """Change the data of an enrollment, named by workflow id, our own id or what it is.

    It counts from its acknowledgement on, also for one that has not begun yet. Refused are an
    unknown or ended enrollment, and a change of what it is per. Raises RPCError if Temporal does
    not answer.
    """

    async def connected() -> Client:
        return client

    changed = await commit_change(connected, engine, whom, change)
    await deliver_pending(engine, client)
    return changed


async def commit_change(
    connect: Connect, engine: Engine, whom: str | Place, change: Change
) -> Changed | Refused:
    """Do the same, but leave it to a relay to bring the signal.

    Temporal is asked only about an enrollment that is not on record, or without a moment said.
    """
    whose = await asyncio.to_thread(_look_up, engine, whom)
    if isinstance(whose, Refused):
        return whose
    if whose.row is None:
        run = await _run_of(await connect(), whose.workflow_id)
        if run is None or run == whose.run:
            return await asyncio.to_thread(_none_live, engine, whose)
        whose = whose._replace(run=run)
    at = change.at or await moment_of(await connect(), whose.workflow_id, change.wall)
    return await asyncio.to_thread(_commit, engine, whose, change, at)


def _look_up(engine: Engine, whom: str | Place) -> _Whose | Refused:
    with engine.connect() as connection:
        ref = _workflow_id(connection, whom) if isinstance(whom, Place) else whom
        if isinstance(ref, Refused):
            return ref
        row = enrolled.find(connection, ref)
        if row is not None:
            live = row.id if row.ended_at is None else None
            return _Whose(row.workflow_id, row.contact_id, live, row.run_id)
        contact = _contact_in(connection, ref)
        return unknown_enrollment(ref) if contact is None else _Whose(ref, contact, None, None)


def _workflow_id(connection: Connection, place: Place) -> str | Refused:
    contact = contacts.find(connection, place.contact)
    if contact is None:
        return UNKNOWN_CONTACT
    live = enrolled.live_at(connection, place.sequence, contact.id, place.key)
    if live is not None:
        return live.workflow_id
    try:
        return enrollment_id(place.sequence, contact.id, place.key)
    except ValueError as error:
        return Refused(reason="malformed_key", message=str(error))


def _contact_in(connection: Connection, workflow_id: str) -> str | None:
    for name in versions.sequences(connection):
        if workflow_id.startswith(f"{name}."):
            contact = workflow_id.removeprefix(f"{name}.").partition(".")[0]
            found = contacts.get(connection, contact)
            if found is not None:
                return found.id
    return None


async def _run_of(client: Client, workflow_id: str) -> str | None:
    try:
        described = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None
    if described.status is not WorkflowExecutionStatus.RUNNING:
        return None
    return described.raw_description.workflow_execution_info.first_run_id or described.run_id


def _none_live(engine: Engine, whose: _Whose) -> Refused:
    with engine.connect() as connection:
        row = enrolled.find(connection, whose.workflow_id)
    return unknown_enrollment(whose.workflow_id) if row is None else ended_already(row)


def _commit(engine: Engine, whose: _Whose, change: Change, at: datetime) -> Changed | Refused:
    with engine.begin() as connection:
        # What begins just now is wholly before, or finds the change on record.
        contact = contacts.lock(connection, whose.contact)
        if contact is not None:
            whose = whose._replace(contact=contact.id)
        row = _on_record(connection, whose)
        refused = None if row is None else _refusal(connection, row, change)
        return refused or _record(connection, whose, row, change, at)


def _on_record(connection: Connection, whose: _Whose) -> EnrollmentRow | None:
    if whose.row is not None:
        return enrolled.get(connection, whose.row)
    return enrollments.on_record(connection, whose.workflow_id, whose.run or "")


def _refusal(connection: Connection, row: EnrollmentRow, change: Change) -> Refused | None:
    if row.ended_at is not None:
        return ended_already(row)
    sequence = sequences().get(connection, row.version)
    key = None if sequence is None else sequence.key
    if key is None or key.of != "data" or key.path.partition(".")[0] not in change.facts:
        return None
    message = f"{row.workflow_id} is per data.{key.path}, which stays: enroll the contact anew"
    return Refused(reason="its_key", message=message)


def _record(
    connection: Connection, whose: _Whose, row: EnrollmentRow | None, change: Change, at: datetime
) -> Changed:
    run = whose.run if row is None else row.run_id
    new = NewEvent(
        source=change.source,
        natural_key=_natural_key(f"{whose.workflow_id} {run or whose.row}", change),
        kind=DATA_CHANGED,
        contact_id=whose.contact,
        enrollment_id=None if row is None else row.id,
        at=at,
        fields={"data": change.facts, "run": run},
    )
    is_new = events.record(connection, new) is not None
    if is_new:
        changed = DataChanged(id=new.mark, at=at, facts=change.facts)
        deliveries.enqueue(connection, whose.workflow_id, changed)
    return Changed(workflow_id=whose.workflow_id, at=cut(at), new=is_new)


def _natural_key(whose: str, change: Change) -> str:
    parts = [DATA_CHANGED, whose, change.id or uuid4().hex]
    return sha256(json.dumps(parts).encode()).hexdigest()

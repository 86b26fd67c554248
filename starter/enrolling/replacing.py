"""A new request in place of what is live: `re_enroll: replace` (language rule 38)."""

import asyncio
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine
from temporalio.client import Client, WorkflowFailureError

from activities.admitting import moving_up
from activities.admitting.admission import already_enrolled, refusal
from activities.admitting.applicants import Applicant
from activities.endings import put_down
from activities.sequences import sequences
from activities.turns import tell, withdraw
from schemas.enrollment import EnrollmentStart
from schemas.events import Control, Turn
from schemas.outcomes import Refused
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.values import cut
from starter.moments import moment_of
from starter.outgoing.relay import deliver_pending
from storage import deliveries, enrolled, tasks
from storage.entering import places
from storage.entering.places import Withdrawal
from storage.people import contacts
from workflows.deciding.endings import REPLACED, rank_of

_PATIENCE_SECONDS = 8.0
_WHY = "a new request takes its place"


async def replace(
    client: Client, engine: Engine, start: EnrollmentStart, running: tuple[str, str]
) -> Refused | None:
    """End what runs for a start, if its sequence lets a new one replace it; wait till it is over.

    `running` is the workflow's id and its run's. It ends in PostgreSQL first; whoever would be
    refused replaces nothing.
    """
    workflow_id, run_id = running
    wall = await asyncio.to_thread(_looked_up, engine, start, workflow_id)
    if isinstance(wall, Refused):
        return wall
    at = cut(await moment_of(client, workflow_id, wall))
    refused = await asyncio.to_thread(_commit, engine, start, workflow_id, at)
    if refused is not None:
        return refused
    await deliver_pending(engine, client)
    return await _closed(client, workflow_id, run_id)


def _looked_up(engine: Engine, start: EnrollmentStart, workflow_id: str) -> datetime | Refused:
    with engine.connect() as connection:
        sequence = _sequence(connection, start)
        if sequence is None or sequence.re_enroll != "replace":
            return already_enrolled(workflow_id)
        return places.wall(connection)


def _commit(
    engine: Engine, start: EnrollmentStart, workflow_id: str, at: datetime
) -> Refused | None:
    with engine.begin() as connection:
        sequence, contact = _sequence(connection, start), contacts.lock(connection, start.contact)
        if sequence is None or contact is None:
            return already_enrolled(workflow_id)
        who = Applicant(
            contact=contact, key=start.key, data=start.data, at=start.at or at, source=start.source
        )
        refused = refusal(connection, sequence, who)
        if refused is None:
            _end(connection, start, workflow_id, at)
            _call_off(connection, start, workflow_id, at)
        return refused


def _end(connection: Connection, start: EnrollmentStart, workflow_id: str, at: datetime) -> None:
    sequence = _sequence(connection, start)
    for live in enrolled.live_of(connection, start.contact):
        if live.workflow_id == workflow_id and sequence is not None:
            at = max(at, live.enrolled_at)
            ending = Ending(name=REPLACED, at=at)
            put_down(connection, live.id, ending, rank_of(sequence, REPLACED))
            tasks.close_of(connection, live.id)
    # One that no worker has begun yet ends by it too, before it does anything.
    mark = f"{REPLACED}.{uuid4().hex}"
    told = Control(id=mark, at=at, action="exit", who=start.source, why=_WHY, ending=REPLACED)
    deliveries.enqueue(connection, workflow_id, told)


def _call_off(
    connection: Connection, start: EnrollmentStart, workflow_id: str, at: datetime
) -> None:
    place = places.waiting_of(connection, workflow_id)
    if place is not None:
        off = Withdrawal(by=start.source, why=_WHY, at=at, name=REPLACED)
        moving_up.withdraw(connection, place, off)
        turn = Turn(id=f"{REPLACED}.{place.id}", at=at, held=False, why=_WHY)
        deliveries.enqueue(connection, workflow_id, turn)
    for one in withdraw(connection, workflow_id, Refused(reason=REPLACED, message=_WHY), at):
        tell(connection, one)


def _sequence(connection: Connection, start: EnrollmentStart) -> Sequence | None:
    if start.version is not None:
        return sequences().get(connection, start.version)
    return sequences().latest(connection, start.sequence)


async def _closed(client: Client, workflow_id: str, run_id: str) -> Refused | None:
    handle = client.get_workflow_handle(workflow_id, run_id=run_id)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await handle.result()
    except TimeoutError:
        message = f"{workflow_id} is being replaced, and no worker has closed it yet: start again"
        return Refused(reason="already_enrolled", message=message)
    except WorkflowFailureError:
        return None
    return None

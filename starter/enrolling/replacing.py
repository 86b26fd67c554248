"""A new request in place of what is live: `re_enroll: replace` (language rule 38)."""

import asyncio
import contextlib
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Engine
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.admitting import moving_up
from activities.admitting.admission import already_enrolled, refusal
from activities.admitting.applicants import Applicant
from activities.endings import put_down
from activities.sequences import sequences
from activities.turns import give_up, tell
from schemas.enrollment import EnrollmentStart
from schemas.events import Control, Turn
from schemas.ids import enrollment_id
from schemas.outcomes import Refused
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.values import cut
from starter.moments import moment_of
from starter.outgoing.relay import deliver_pending
from storage import deliveries, enrolled, tasks
from storage.entering import places, turns, wishes
from storage.entering.places import Withdrawal
from storage.entering.wishes import Wish
from storage.people import contacts
from workflows.deciding.endings import REPLACED, rank_of

WISH = "wish"
"""The memo of a workflow that says which wish it was started by."""

_PATIENCE_SECONDS = 8.0
_PAUSE_SECONDS = 0.2
_WHY = "a new request takes its place"


class _Running(NamedTuple):
    run_id: str
    first_run_id: str
    wish: int | None


async def wished(engine: Engine, workflow_id: str, request: str | None = None) -> Wish:
    """Put a wish for an enrollment on record, or give the one made by the same request."""

    def made() -> Wish:
        with engine.begin() as connection:
            return wishes.make(connection, workflow_id, request)

    return await asyncio.to_thread(made)


async def met(engine: Engine, wish: Wish, run_id: str) -> None:
    """Put down which run a wish was met by, so that a repeat is answered so."""

    def put_down_run() -> None:
        with engine.begin() as connection:
            wishes.meet(connection, wish.id, run_id)

    await asyncio.to_thread(put_down_run)


class Replacing:
    """A start that takes the place of what is live; of two such starts the newer one's lives."""

    def __init__(
        self, client: Client, engine: Engine, start: EnrollmentStart, wish: Wish | None
    ) -> None:
        self.start, self.wish = start, wish
        self.workflow_id = enrollment_id(start.sequence, start.contact, start.key)
        self._client, self._engine = client, engine
        self._sees_first = True

    async def make_way(self) -> Refused | str | None:
        """End what runs, if the sequence lets a new start replace it, and wait till it is over.

        Whoever would be refused replaces nothing. The answer is None if the way is free, and the
        run's id if what runs is this very start. It ends in PostgreSQL first; if no worker closes
        it in time it is terminated.
        """
        running = await self._running()
        if running is None:
            return None
        if self.wish is not None and running.wish == self.wish.id:
            return running.first_run_id
        wall = await asyncio.to_thread(_looked_up, self._engine, self.start, self.workflow_id)
        if isinstance(wall, Refused):
            return wall
        refused = await self._superseded(running) or await self._ended(running, wall)
        if refused is None:
            await self._closed(running.run_id)
        return refused

    async def _superseded(self, running: _Running) -> Refused | None:
        is_first, self._sees_first = self._sees_first, False
        self.wish = self.wish or await wished(self._engine, self.workflow_id)
        # What was not there at the first look, and replaced nothing, was asked for later.
        is_later = not is_first if running.wish is None else running.wish > self.wish.id
        if not is_later:
            return None
        message = f"{self.workflow_id}: a newer request took the place of this one"
        return Refused(reason=REPLACED, message=message)

    async def _ended(self, running: _Running, wall: datetime) -> Refused | None:
        at = cut(await moment_of(self._client, self.workflow_id, wall))
        first = running.first_run_id
        return await asyncio.to_thread(_commit, self._engine, self.start, (first, at))

    async def _running(self) -> _Running | None:
        try:
            described = await self._client.get_workflow_handle(self.workflow_id).describe()
        except RPCError as unknown:
            if unknown.status is not RPCStatusCode.NOT_FOUND:
                raise
            return None
        if described.status is not WorkflowExecutionStatus.RUNNING:
            return None
        wish = await described.memo_value(WISH, default=None)
        first = described.raw_description.workflow_execution_info.first_run_id
        return _Running(described.run_id, first, wish if isinstance(wish, int) else None)

    async def _closed(self, run_id: str) -> None:
        handle = self._client.get_workflow_handle(self.workflow_id, run_id=run_id)
        bringing = asyncio.create_task(self._bring())
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await _over(handle)
        except TimeoutError:
            await _terminated(handle)
        finally:
            bringing.cancel()
            await asyncio.gather(bringing, return_exceptions=True)

    async def _bring(self) -> None:
        # A signal may come after another of the same workflow's, which somebody else brings.
        while True:
            await deliver_pending(self._engine, self._client)
            await asyncio.sleep(_PAUSE_SECONDS)


async def _over(handle: WorkflowHandle[Any, Any]) -> None:
    with contextlib.suppress(WorkflowFailureError):
        await handle.result()


async def _terminated(handle: WorkflowHandle[Any, Any]) -> None:
    # Its ending is on record: nothing is lost but its own timeline.
    try:
        await handle.terminate(reason=_WHY)
    except RPCError as closed:
        if closed.status is not RPCStatusCode.NOT_FOUND:
            raise


def _looked_up(engine: Engine, start: EnrollmentStart, workflow_id: str) -> datetime | Refused:
    with engine.connect() as connection:
        sequence = _sequence(connection, start)
        if sequence is None or sequence.re_enroll != "replace":
            return already_enrolled(workflow_id)
        return places.wall(connection)


def _commit(engine: Engine, start: EnrollmentStart, old: tuple[str, datetime]) -> Refused | None:
    """End the run that is named, at a moment, unless the start would be refused."""
    workflow_id = enrollment_id(start.sequence, start.contact, start.key)
    run_id, at = old
    with engine.begin() as connection:
        sequence, contact = _sequence(connection, start), contacts.lock(connection, start.contact)
        if sequence is None or contact is None:
            return already_enrolled(workflow_id)
        who = Applicant(
            contact=contact, key=start.key, data=start.data, at=start.at or at, source=start.source
        )
        refused = refusal(connection, sequence, who)
        if refused is None:
            replaced = _Replaced(workflow_id, run_id, at, start.source)
            _call_off(connection, replaced)
            _end(connection, replaced, contact.id, rank_of(sequence, REPLACED))
        return refused


class _Replaced(NamedTuple):
    workflow_id: str
    run_id: str
    at: datetime
    by: str


def _end(connection: Connection, old: _Replaced, contact_id: str, rank: int) -> None:
    at = old.at
    for live in enrolled.live_of(connection, contact_id):
        if live.workflow_id == old.workflow_id and live.run_id in (old.run_id, None):
            at = max(at, live.enrolled_at)
            put_down(connection, live.id, Ending(name=REPLACED, at=at, why=_WHY), rank)
            tasks.close_of(connection, live.id)
    # One that no worker has begun yet ends by it too, before it does anything.
    told = Control(
        id=f"{REPLACED}.{uuid4().hex}",
        at=at,
        action="exit",
        who=old.by,
        why=_WHY,
        ending=REPLACED,
        run=old.run_id,
    )
    deliveries.enqueue(connection, old.workflow_id, told)


def _call_off(connection: Connection, old: _Replaced) -> None:
    place = places.of_run(connection, old.workflow_id, old.run_id)
    if place is not None:
        off = Withdrawal(by=old.by, why=_WHY, at=old.at, name=REPLACED)
        if moving_up.withdraw(connection, place, off):
            turn = Turn(id=f"{REPLACED}.{place.id}", at=old.at, held=False, why=_WHY)
            deliveries.enqueue(connection, old.workflow_id, turn)
    for one in turns.not_begun(connection, old.workflow_id):
        if one.run_id == old.run_id:
            tell(connection, give_up(connection, one, REPLACED, old.at, _WHY))


def _sequence(connection: Connection, start: EnrollmentStart) -> Sequence | None:
    if start.version is not None:
        return sequences().get(connection, start.version)
    return sequences().latest(connection, start.sequence)

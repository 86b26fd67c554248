"""A scenario lived on real servers: enrolled ahead of time, its clock moved to each event."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select, update
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest
from temporalio.client import WorkflowHandle
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from authoring.scenarios.reading import Written
from devstack.demo.stage import Stage
from devstack.rehearsal.doors import Doors
from devstack.rehearsal.faults import CannotBeLivedError
from devstack.rehearsal.others import record_former, shares_contacts
from devstack.rehearsal.records import a_record, moment_in
from devstack.timeskip import Moved, skip
from runtime.clock import wall_now
from schemas.enrollment import EnrollmentReport, EnrollmentStart
from schemas.events import Event
from schemas.ids import enrollment_id
from schemas.names import ATTRIBUTE_SEQUENCE, QUEUE_ENROLLMENTS, WORKFLOW_ENROLLMENT
from schemas.outcomes import Refused
from schemas.progress import Ending, What
from schemas.sequence import Sequence
from schemas.values import Facts, Value
from starter.asking import ask
from starter.enrolling.enrollments import enroll
from starter.moments import moment_of
from starter.outgoing.relay import deliver_pending
from storage import enrolled
from storage.people.contacts import Saved, save
from storage.schema.outgoing_tables import deliveries
from storage.schema.tables import contacts

# A skip that ends while the enrollment works may pass over all until its next timer (CLI 1.9.1).
_INTO_THE_MINUTE = timedelta(seconds=20)
_SHORTLY_BEFORE = timedelta(seconds=60)
_AFTERWARDS = timedelta(days=4, minutes=17)
_PATIENCE = timedelta(seconds=120)
_PAUSE_SECONDS, _TRIES = 0.05, 600

Away = Callable[[], AbstractAsyncContextManager[None]]
"""Lets the worker be away for a while."""


@asynccontextmanager
async def nobody_is_away() -> AsyncIterator[None]:
    """Leave the worker where it is."""
    yield


class Lived(Value):
    """What became of an enrollment: mails, tasks and all else with its moment; how it ended.

    Without the words for why: PostgreSQL keeps an ending's name and moment.
    """

    timeline: tuple[tuple[datetime, What, str | None], ...] = ()
    sends: tuple[tuple[str, datetime], ...] = ()
    ending: Ending | None = None
    refused: str | None = None


@dataclass
class Life:
    """One scenario's contact, and its enrollment's clock.

    Of an event in whose minute something is due anyway (its id is in `sharing`) the real server
    learns first only if the worker is `away` then, as it may well be.
    """

    stage: Stage
    sequence: Sequence
    written: Written
    contact_id: str
    known_until: datetime
    sharing: frozenset[str] = frozenset()
    away: Away = nobody_is_away

    @property
    def workflow_id(self) -> str:
        """Give the enrollment's workflow id."""
        return enrollment_id(self.sequence.name, self.contact_id, self.written.key)

    @property
    def handle(self) -> WorkflowHandle[object, EnrollmentReport]:
        """Give a handle of its workflow."""
        client = self.stage.client
        return client.get_workflow_handle(self.workflow_id, result_type=EnrollmentReport)

    async def live(self, events: list[Event]) -> Lived:
        """Enroll, let everything happen at its moment, and tell what came of it."""
        await asyncio.to_thread(self._bring_in)
        doors = Doors(self.stage, self.written.start, self.contact_id, self.workflow_id)
        for event in self.written.before:
            await doors.bring(event)
        for other in sorted(self.written.refuses):
            await self._occupy(other)
        await self._enroll()
        await self._until(self.written.start)
        for event in events:
            await self._happen(doors, event)
            await self._settle()
        await self._until(self.known_until + _AFTERWARDS)
        return await self._told()

    async def _happen(self, doors: Doors, event: Event) -> None:
        moment = moment_in(event)
        shares = event.id in self.sharing
        await self._until(moment - _SHORTLY_BEFORE if shares else moment)
        if not shares or await self._is_closed():
            await doors.bring(event)
            return
        async with self.away():
            await self._forget_worker()
            await self._skip_to(moment)
            await doors.bring(event)
            await self._poll(self._all_brought)

    async def _forget_worker(self) -> None:
        # Else Temporal waits 10 s for the worker that knew the workflow.
        client = self.stage.client
        execution = WorkflowExecution(workflow_id=self.workflow_id)
        request = ResetStickyTaskQueueRequest(namespace=client.namespace, execution=execution)
        await client.workflow_service.reset_sticky_task_queue(request)

    def _bring_in(self) -> None:
        spare: Facts = {"first_name": "Ada", "last_name": "Lovelace"}
        looked_at = self.sequence.contact_facts
        filled = {name: value for name, value in spare.items() if name not in looked_at}
        facts = {**filled, **self.written.contact}
        if "company" not in looked_at:
            # The people of other scenarios are no colleagues.
            facts["company"] = self.contact_id
        new = a_record(self.contact_id, facts)
        with self.stage.engine.begin() as connection:
            saved = save(connection, new)
            if not isinstance(saved, Saved):
                raise CannotBeLivedError(f"two scenarios have the contact {self.contact_id}")
            made = contacts.c.id == saved.contact.id
            connection.execute(update(contacts).where(made).values(id=self.contact_id))

    async def _occupy(self, other: str) -> None:
        shared = partial(shares_contacts, self.stage.engine, self.sequence, other)
        if await asyncio.to_thread(shared):
            # There it would have the contact: it was in it before, and may not be again.
            say = partial(record_former, self.stage.engine, self.contact_id, other)
            await asyncio.to_thread(say, self.written.start)
            return
        begun = await enroll(self.stage.client, self.stage.engine, other, self.contact_id)
        if isinstance(begun, Refused):
            raise CannotBeLivedError(f"{other} takes nobody: {begun.message}")
        await self._poll(partial(self._is_on_record, begun.workflow_id))

    async def _is_on_record(self, workflow_id: str) -> bool:
        with self.stage.engine.connect() as connection:
            return enrolled.find(connection, workflow_id) is not None

    async def _enroll(self) -> None:
        start, wall = self.written.start, wall_now()
        if start < wall + timedelta(minutes=1):
            raise CannotBeLivedError(f"it begins in the past ({start:%Y-%m-%d}): move it ahead")
        attribute = SearchAttributeKey.for_keyword(ATTRIBUTE_SEQUENCE)
        named = SearchAttributePair(attribute, self.sequence.name)
        await self.stage.client.start_workflow(
            WORKFLOW_ENROLLMENT,
            EnrollmentStart(
                sequence=self.sequence.name,
                contact=self.contact_id,
                key=self.written.key,
                data=self.written.values,
                at=start,
                source="scenario",
            ),
            id=self.workflow_id,
            task_queue=QUEUE_ENROLLMENTS,
            start_delay=start - wall,
            search_attributes=TypedSearchAttributes([named]),
        )

    async def _until(self, moment: datetime) -> None:
        await self._skip_to(moment)
        await self._settle()

    async def _skip_to(self, moment: datetime) -> None:
        now = await moment_of(self.stage.client, self.workflow_id, wall_now())
        lacks = moment + _INTO_THE_MINUTE - now
        if lacks <= timedelta(0):
            return
        moved = await skip(self.stage.client, self.workflow_id, lacks, patience=_PATIENCE)
        if isinstance(moved, Moved) and moved.now > moment + _PATIENCE + _INTO_THE_MINUTE:
            raise CannotBeLivedError(f"the server moved it by more than {lacks}, to {moved.now}")

    async def _settle(self) -> None:
        await self._poll(self._rests)

    async def _rests(self) -> bool:
        if not await self._all_brought():
            return False
        view = await ask(self.stage.client, self.workflow_id)
        if view is not None and view.next is not None:
            return True
        return await self._is_closed()

    async def _is_closed(self) -> bool:
        described = await self.handle.describe()
        return described.close_time is not None

    async def _all_brought(self) -> bool:
        await deliver_pending(self.stage.engine, self.stage.client)
        return await asyncio.to_thread(self._undelivered) == 0

    def _undelivered(self) -> int:
        pending = (
            deliveries.c.workflow_id == self.workflow_id,
            deliveries.c.delivered_wall.is_(None),
            deliveries.c.gone_wall.is_(None),
        )
        with self.stage.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(*pending)) or 0

    async def _poll(self, true: Callable[[], Awaitable[bool]]) -> None:
        for _ in range(_TRIES):
            if await true():
                return
            await asyncio.sleep(_PAUSE_SECONDS)
        raise CannotBeLivedError("its enrollment does not come to rest: see the worker's log")

    async def _told(self) -> Lived:
        view = await ask(self.stage.client, self.workflow_id)
        if await self._is_closed():
            report = await self.handle.result()
            if report.refused:
                return Lived(refused=report.ending)
        if view is None or view.progress is None:
            raise CannotBeLivedError("its enrollment does not say where it stands")
        mails = tuple((mail.step, mail.at) for mail in view.progress.mails)
        told = tuple((one.at, one.what, one.step) for one in view.progress.timeline)
        return Lived(timeline=told, sends=mails, ending=ended(view.progress.ending))


def ended(ending: Ending | None) -> Ending | None:
    """Give an ending without the words for why."""
    return None if ending is None else Ending(name=ending.name, at=ending.at)

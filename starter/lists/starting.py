"""A list's rows started, many at once and none twice, however often whoever does it is killed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from typing_extensions import override

from runtime.clock import wall_now
from schemas.enrollment import EnrollmentStart
from schemas.ids import enrollment_id
from schemas.lists import ListActivities, ListReport, ListRequest
from schemas.names import ACTIVITY_LIST
from schemas.outcomes import Refused
from schemas.values import Facts
from starter.enrolling.enrollments import WINDOW, Started, start_enrollment
from starter.lists.saving import in_batches
from storage.entering import list_counts, lists
from storage.entering.lists import Item, ListRow

BATCH = 256
"""How many rows are claimed, and marked, in one transaction."""

Answer = TypeVar("Answer")
Work = Callable[[Item], Awaitable[Item]]
"""Does what is to be done with a row, and gives it as it stands then."""
Beat = Callable[[int], None]
"""Hears now and then up to which line the list is done."""


def source_of(list_id: UUID) -> str:
    """Name a list as the source of its enrollments."""
    return f"list:{list_id}"


class ListStarting(ListActivities):
    """Starts the rows of lists, as the activity that a list's workflow calls."""

    def __init__(self, client: Client, engine: Engine) -> None:
        self._client, self._engine = client, engine

    @activity.defn(name=ACTIVITY_LIST)
    @override
    async def start_rows(self, request: ListRequest) -> ListReport:
        """Start all that wait; a worker that shuts down leaves the rest to another."""
        rows = Rows(self._client, self._engine, UUID(request.list_id), _goes_on)
        return await rows.start(activity.heartbeat)


class Rows:
    """The rows of one list, in the hands of one who starts them."""

    def __init__(
        self,
        client: Client,
        engine: Engine,
        list_id: UUID,
        going: Callable[[], bool] = lambda: True,
    ) -> None:
        self._client, self._engine, self._id, self._going = client, engine, list_id, going
        self._turns = asyncio.Semaphore(WINDOW)

    async def start(self, beat: Beat) -> ListReport:
        """Start all rows that wait, until there are none, the list is stopped, or not `going`."""
        taken = await self._in_one(lambda connection: lists.begin_attempt(connection, self._id))
        if taken is None:
            raise ApplicationError("there is no such list", non_retryable=True)
        await self._settle(taken, beat)
        try:
            await self._start_waiting(taken, beat)
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
        return await self._report(taken)

    async def _start_waiting(self, taken: ListRow, beat: Beat) -> None:
        """Start batch after batch; the next one begins while the last rows of one are under way."""

        async def begun(item: Item) -> Item:
            return await self._begun(taken, item)

        after, before = 0, None
        async with asyncio.TaskGroup() as group:
            while self._going() and (items := await self._claimed(taken, after)):
                batch = group.create_task(self._marked_all(items, begun, beat))
                after = items[-1].line
                if before is not None:
                    await before
                before = batch
        if not self._going():
            raise ApplicationError("this worker shuts down, another goes on")

    async def _claimed(self, taken: ListRow, after: int) -> list[Item]:
        return await self._in_one(
            lambda connection: lists.claim(connection, taken, after=after, limit=BATCH)
        )

    async def _settle(self, taken: ListRow, beat: Beat) -> None:
        """Find out whether rows that somebody was killed at were started; start the others."""
        items = await self._in_one(lambda connection: lists.unsure(connection, self._id))
        for batch in in_batches(items, WINDOW):

            async def settled(item: Item) -> Item:
                return await self._heard(taken, item) or await self._begun(taken, item)

            await self._marked_all(batch, settled, beat)

    async def _marked_all(self, items: list[Item], work: Work, beat: Beat) -> None:
        """Do work on rows, a window of them at once, and mark each that came to an end."""

        async def in_turn(place: int, item: Item) -> Item:
            async with self._turns:
                if not place % WINDOW:
                    beat(item.line)
                return await work(item)

        turns = (in_turn(place, item) for place, item in enumerate(items))
        ends = await asyncio.gather(*turns, return_exceptions=True)
        marked = [end for end in ends if isinstance(end, Item)]
        await self._in_one(lambda connection: lists.mark(connection, self._id, marked))
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _begun(self, taken: ListRow, item: Item) -> Item:
        start = start_of(taken, item)
        return _marked(item, await start_enrollment(self._client, self._engine, start))

    async def _heard(self, taken: ListRow, item: Item) -> Item | None:
        """Mark a row as started if a run of ours is on record, or the latest one of Temporal's."""
        recorded = await self._in_one(
            lambda connection: list_counts.run_of(connection, item, source_of(self._id))
        )
        run = recorded or await self._run_of(start_of(taken, item))
        return None if run is None else _as_started(item, run)

    async def _run_of(self, start: EnrollmentStart) -> str | None:
        workflow_id = enrollment_id(start.sequence, start.contact, start.key)
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            async for event in handle.fetch_history_events(page_size=1):
                begun = event.workflow_execution_started_event_attributes
                if event.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
                    return None
                (given,) = await self._client.data_converter.decode(
                    begun.input.payloads, [EnrollmentStart]
                )
                return begun.first_execution_run_id if given.source == start.source else None
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        return None

    async def _report(self, taken: ListRow) -> ListReport:
        return await self._in_one(lambda connection: _reported(connection, taken, wall_now()))

    async def _in_one(self, work: Callable[[Connection], Answer]) -> Answer:
        def transaction() -> Answer:
            with self._engine.begin() as connection:
                return work(connection)

        return await asyncio.to_thread(transaction)


def start_of(taken: ListRow, item: Item) -> EnrollmentStart:
    """Give the start of a row's enrollment: on the list's terms, with the row's own data."""
    common = taken.terms.get("data")
    data: Facts = {**(common if isinstance(common, dict) else {}), **item.data}
    terms = {**taken.terms, "data": data, "source": source_of(taken.id)}
    return EnrollmentStart.model_validate(
        {**terms, "sequence": taken.sequence, "contact": item.contact_id, "key": item.key}
    )


def _marked(item: Item, answer: Started | Refused) -> Item:
    if isinstance(answer, Refused):
        return item.model_copy(update={"state": "refused", "reason": answer.reason})
    return _as_started(item, answer.run_id)


def _as_started(item: Item, run_id: str) -> Item:
    return item.model_copy(update={"state": "started", "run_id": run_id})


def _reported(connection: Connection, taken: ListRow, at: datetime) -> ListReport:
    counted = list_counts.counts(connection, taken.id)
    if not counted.waiting:
        lists.note(connection, taken.id, finished_wall=at.astimezone(UTC))
    return ListReport(started=counted.started, refused=counted.refused, waiting=counted.waiting)


def _goes_on() -> bool:
    return not activity.is_worker_shutdown()

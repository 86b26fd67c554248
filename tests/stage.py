"""An enrollment on stage: a real worker, remembering activities, clocks that can be moved."""

import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.timeskip import skip
from schemas.enrollment import EnrollmentReport, EnrollmentStart, ProgressView
from schemas.events import Event
from schemas.names import ATTRIBUTE_STATE, QUERY_PROGRESS, QUEUE_ENROLLMENTS
from schemas.sequence import Sequence
from tests.fakes import FakeActivities
from worker.build import Limits, build_workers
from workflows.enrollment import Enrollment

Handle = WorkflowHandle[Enrollment, EnrollmentReport]

_STATE = SearchAttributeKey.for_keyword(ATTRIBUTE_STATE)


@dataclass
class Stage:
    """A worker's activities, and the client that starts and moves enrollments."""

    client: Client
    activities: FakeActivities

    async def start(self, sequence: Sequence, **fields: object) -> Handle:
        self.activities.sequences = {**self.activities.sequences, sequence.name: sequence}
        start = EnrollmentStart.model_validate(
            {"sequence": sequence.name, "contact": secrets.token_hex(8), **fields}
        )
        return await self.client.start_workflow(
            Enrollment.run,
            start,
            id=f"{start.sequence}.{start.contact}",
            task_queue=QUEUE_ENROLLMENTS,
        )

    async def skip(self, handle: Handle, by: timedelta) -> None:
        await skip(self.client, handle.id, by)

    async def signal(self, handle: Handle, event: Event) -> None:
        await handle.signal(event.kind, event)

    async def until(self, handle: Handle, state: str) -> ProgressView:
        """Ask until the enrollment is in `state` (the query is the fact to wait for)."""
        while True:
            answer: ProgressView | None = await handle.query(
                QUERY_PROGRESS, result_type=ProgressView
            )
            if answer is not None and answer.state == state and answer.next is not None:
                return answer

    async def until_queued(self, handle: Handle) -> None:
        """Ask until the enrollment waits for its turn to begin."""
        while (await handle.describe()).typed_search_attributes.get(_STATE) != "waiting":
            pass

    def sent(self, handle: Handle) -> list[str]:
        begun = next(one for one in self.activities.begun if one.workflow_id == handle.id)
        return [one.step for one in self.activities.sends if one.row == begun.run_id]


@asynccontextmanager
async def a_stage(address: str) -> AsyncIterator[Stage]:
    client = await Client.connect(
        address, data_converter=pydantic_data_converter, identity="postroad-tests"
    )
    activities = FakeActivities(sequences={})
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(8))
        for worker in build_workers(client, activities, threads=threads, limits=Limits()):
            await stack.enter_async_context(worker)
        yield Stage(client, activities)

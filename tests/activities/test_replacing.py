"""A new request in place of what is live, on a real server (language rule 38)."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.temporal import EmbeddedTemporal
from runtime.clock import wall_now
from schemas.contact import Contact
from schemas.outcomes import Refused
from schemas.policies import Pace, Turns
from schemas.sequence import Sequence
from schemas.steps import WaitStep
from starter.enrolling import replacing
from starter.enrolling.enrollments import Started, enroll
from starter.operating import Order, command
from starter.outgoing.relay import deliver_pending
from storage import enrolled
from storage.enrolled import Filter
from storage.entering import moves, places
from tests.activities.world import World
from tests.builders import a_sequence, an_email, days
from worker.build import Limits, build_workers

WAITS = a_sequence(WaitStep(id="w", wait=days(2)), an_email("intro"), re_enroll="replace")


@dataclass
class Desk:
    """Where enrollments are asked for."""

    client: Client
    world: World

    async def ask(self, contact: Contact, request: str | None = None) -> Started | Refused:
        return await enroll(self.client, self.world.engine, "welcome", contact.id, request=request)

    async def started(self, contact: Contact, request: str | None = None) -> Started:
        answer = await self.ask(contact, request)
        assert isinstance(answer, Started), answer
        return answer

    async def begun(self, started: Started) -> None:
        """Ask until the run is on record."""
        while started.run_id not in [run for run, _ in self.runs()]:
            await deliver_pending(self.world.engine, self.client)

    async def queued(self, started: Started) -> None:
        """Ask until the run has a place."""
        while self.place(started) is None:
            await deliver_pending(self.world.engine, self.client)

    def place(self, started: Started) -> places.Place | None:
        with self.world.engine.connect() as connection:
            return places.of_run(connection, started.workflow_id, started.run_id)

    def runs(self) -> list[tuple[str | None, str | None]]:
        """Give each enrollment's run and ending, the oldest first."""
        with self.world.engine.connect() as connection:
            found = enrolled.listing(connection, Filter())
        by_wall = sorted(found, key=lambda one: one.enrolled_wall)
        return [(one.run_id, one.ending) for one in by_wall]

    async def running(self, started: Started) -> str | None:
        described = await self.client.get_workflow_handle(started.workflow_id).describe()
        is_running = described.status is WorkflowExecutionStatus.RUNNING
        return described.run_id if is_running else None


@pytest.fixture
async def idle_desk(world: World, temporal: EmbeddedTemporal) -> AsyncIterator[Desk]:
    """Nobody works: no worker runs."""
    client = await Client.connect(
        temporal.address, data_converter=pydantic_data_converter, identity="postroad-tests"
    )
    desk = Desk(client, world)
    yield desk
    async for one in client.list_workflows("ExecutionStatus = 'Running'"):
        await client.get_workflow_handle(one.id, run_id=one.run_id).terminate()


@pytest.fixture
async def desk(idle_desk: Desk) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(8))
        workers = build_workers(
            idle_desk.client, idle_desk.world.live, threads=threads, limits=Limits()
        )
        for worker in workers:
            await stack.enter_async_context(worker)
        yield idle_desk


def publish(world: World, sequence: Sequence = WAITS) -> Contact:
    world.publish(sequence)
    return world.contact()


@pytest.mark.parametrize("many", [2, 5])
async def test_of_many_requests_at_once_exactly_one_lives_and_the_newest_is_it(
    desk: Desk, many: int
) -> None:
    contact = publish(desk.world)
    first = await desk.started(contact)
    await desk.begun(first)

    answers = await asyncio.gather(*(desk.ask(contact, f"r{n}") for n in range(many)))
    newest = await desk.started(contact, "the newest")
    await desk.begun(newest)

    assert {one.reason for one in answers if isinstance(one, Refused)} <= {"replaced"}
    assert [run for run, ending in desk.runs() if ending is None] == [newest.run_id]
    assert {ending for _, ending in desk.runs()[:-1]} == {"replaced"}
    assert await desk.running(newest) == newest.run_id


async def test_whoever_asked_before_and_comes_late_replaces_nothing(desk: Desk) -> None:
    contact = publish(desk.world)
    first = await desk.started(contact)
    await desk.begun(first)
    older = await replacing.wished(desk.world.engine, first.workflow_id, "older")
    newer = await desk.started(contact, "newer")
    await desk.begun(newer)

    late = await desk.ask(contact, "older")

    assert older.run_id is None
    assert late == Refused(
        reason="replaced",
        message=f"{first.workflow_id}: a newer request took the place of this one",
    )
    assert await desk.running(newer) == newer.run_id


async def test_a_repeated_request_is_answered_as_the_first_time(desk: Desk) -> None:
    contact = publish(desk.world)
    first = await desk.started(contact, "order-7")
    await desk.begun(first)

    again = await desk.started(contact, "order-7")
    other = await desk.started(contact, "order-8")
    late = await desk.started(contact, "order-7")

    assert again == late == first
    assert other.run_id != first.run_id
    assert await desk.running(other) == other.run_id


async def test_a_repeat_knows_its_run_though_nobody_could_put_it_down(desk: Desk) -> None:
    contact = publish(desk.world)
    first = await desk.started(contact, "order-7")
    with desk.world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE wishes SET run_id = NULL")

    assert await desk.started(contact, "order-7") == first


async def test_a_repeat_where_nothing_is_replaced_is_no_refusal(desk: Desk) -> None:
    contact = publish(desk.world, WAITS.model_copy(update={"re_enroll": "never"}))
    first = await desk.started(contact, "order-7")
    await desk.begun(first)

    assert await desk.started(contact, "order-7") == first
    other = await desk.ask(contact, "order-8")
    assert isinstance(other, Refused)
    assert other.reason == "already_enrolled"


async def test_a_start_that_waits_for_its_day_is_replaced_and_its_place_goes_on(
    desk: Desk,
) -> None:
    contact = publish(desk.world, WAITS.model_copy(update={"pace": Pace(per_day=1)}))
    other, behind = (desk.world.contact(email=f"{n}@customer.example") for n in range(2))
    await desk.begun(await desk.started(other))
    waits = await desk.started(contact)
    await desk.queued(waits)
    later = await desk.started(behind)
    await desk.queued(later)
    with desk.world.engine.connect() as connection:
        (tomorrow, _) = sorted(
            one.day for one in moves.line(connection, "welcome", wall_now().date())
        )

    again = await desk.started(contact)
    await desk.queued(again)

    old, new, moved = (desk.place(one) for one in (waits, again, later))
    assert old is not None
    assert (old.over, old.over_as) == ("withdrawn", "replaced")
    assert moved is not None
    assert moved.day == tomorrow
    assert new is not None
    assert (new.over, new.day > tomorrow) == (None, True)
    assert await desk.running(again) == again.run_id


async def test_a_start_that_waits_for_its_turn_is_replaced(desk: Desk) -> None:
    turns = Turns(exclusive="sales", if_busy=days(3))
    contact = publish(desk.world, WAITS.model_copy(update={"turns": turns}))
    holds = WAITS.model_copy(update={"name": "holds", "turns": turns})
    desk.world.publish(holds)
    holder = await enroll(desk.client, desk.world.engine, "holds", contact.id)
    assert isinstance(holder, Started)
    await desk.begun(holder)
    waits = await desk.started(contact)

    again = await desk.started(contact)
    order = Order(action="exit", who="olga", wall=wall_now())
    await command(desk.client, desk.world.engine, holder.workflow_id, order)
    await desk.begun(again)

    assert waits.run_id != again.run_id
    assert desk.runs() == [(holder.run_id, "stopped"), (again.run_id, None)]


async def test_where_no_worker_closes_the_old_run_it_is_terminated_and_the_new_one_starts(
    idle_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "_PATIENCE_SECONDS", 0.1)
    contact = publish(idle_desk.world)
    first = await idle_desk.started(contact)

    second = await idle_desk.started(contact)

    old = idle_desk.client.get_workflow_handle(first.workflow_id, run_id=first.run_id)
    assert (await old.describe()).status is WorkflowExecutionStatus.TERMINATED
    assert await idle_desk.running(second) == second.run_id

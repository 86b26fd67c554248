import asyncio

import httpx
import pytest
from sqlalchemy import Engine, update
from temporalio.service import RPCError, RPCStatusCode
from typing_extensions import override

from schemas.events import Complaint, Event, Reply
from starter.outgoing.relay import Relay, deliver
from storage import deliveries
from storage.schema.tables import enrollments
from tests.builders import MONDAY
from tests.webhooks.fakes import FakeRelay, FakeSignals
from tests.webhooks.given import World
from webhooks.app import build_app
from webhooks.deps import Deps

REPLY = Reply(id="r1", at=MONDAY)


def lay_out(engine: Engine, *workflow_ids: str) -> None:
    with engine.begin() as connection:
        for workflow_id in workflow_ids:
            deliveries.enqueue(connection, workflow_id, REPLY)


def waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        return deliveries.waiting(connection)


async def ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.wait([running])


async def test_what_is_laid_out_is_brought_once(engine: Engine, world: World) -> None:
    del world
    signals = FakeSignals()
    lay_out(engine, "welcome.c1", "welcome.c2")

    brought = await deliver(engine, signals)
    again = await deliver(engine, signals)

    assert (brought, again) == (2, 0)
    assert sorted(signals.brought) == [("welcome.c1", REPLY), ("welcome.c2", REPLY)]


async def test_a_signal_for_a_closed_workflow_is_put_aside(engine: Engine, world: World) -> None:
    del world
    lay_out(engine, "welcome.c1", "welcome.c2")

    brought = await deliver(engine, FakeSignals("welcome.c1"))

    assert brought == 1
    assert waiting(engine) == 0


@pytest.mark.parametrize(
    "fault",
    [RPCError("down", RPCStatusCode.UNAVAILABLE, b""), ConnectionError("down"), TimeoutError()],
    ids=lambda fault: type(fault).__name__,
)
async def test_what_fails_is_brought_later(engine: Engine, world: World, fault: Exception) -> None:
    del world
    signals = FakeSignals()
    lay_out(engine, "welcome.c1")

    signals.fault = fault
    failed = await deliver(engine, signals)
    signals.fault = None
    brought = await deliver(engine, signals)

    assert (failed, brought) == (0, 1)


async def test_a_signal_for_a_reserved_enrollment_waits_until_it_has_begun(
    engine: Engine, world: World
) -> None:
    row = world.enrollment()
    with engine.begin() as connection:
        connection.execute(update(enrollments).values(run_id=None))
    lay_out(engine, row.workflow_id)

    await deliver(engine, FakeSignals(row.workflow_id))

    assert waiting(engine) == 1


async def test_signals_that_another_process_is_bringing_are_left_to_it(
    engine: Engine, world: World
) -> None:
    del world
    signals = FakeSignals()
    lay_out(engine, "welcome.c1")

    with engine.begin() as other:
        deliveries.undelivered(other)
        brought = await deliver(engine, signals)

    assert brought == 0
    assert signals.brought == []


async def test_a_nudge_brings_what_was_committed(engine: Engine, world: World) -> None:
    row = world.enrollment()
    signals = SignalsWithBell()
    relay = Relay(engine, signals)
    running = asyncio.create_task(relay.run())

    lay_out(engine, row.workflow_id)
    relay.nudge()
    await asyncio.wait_for(signals.rung.wait(), 30)

    await ended(running)
    assert [event for _, event in signals.brought] == [REPLY]


async def test_signals_of_one_workflow_arrive_one_after_the_other(
    engine: Engine, world: World
) -> None:
    row = world.enrollment()
    signals = SignalsWithBell()
    relay = Relay(engine, signals)
    with engine.begin() as connection:
        for mark in ("r1", "r2", "r3"):
            deliveries.enqueue(connection, row.workflow_id, Reply(id=mark, at=MONDAY))

    running = asyncio.create_task(relay.run())
    while len(signals.brought) < 3:
        await asyncio.wait_for(signals.rung.wait(), 30)
        signals.rung.clear()

    await ended(running)
    assert [event.id for _, event in signals.brought] == ["r1", "r2", "r3"]


async def test_a_batch_on_its_way_is_finished_before_the_relay_ends(
    engine: Engine, world: World
) -> None:
    row = world.enrollment()
    signals = SignalsWithBell()
    lay_out(engine, row.workflow_id)
    bringing = asyncio.create_task(deliver(engine, signals))

    await asyncio.wait_for(signals.asked.wait(), 30)
    bringing.cancel()
    await asyncio.wait([bringing])

    assert bringing.cancelled()
    assert waiting(engine) == 0


async def test_the_relay_goes_on_after_a_fault(engine: Engine, world: World) -> None:
    row = world.enrollment()
    signals = SignalsWithBell()
    signals.fault = ValueError("a bug")
    relay = Relay(engine, signals)
    running = asyncio.create_task(relay.run())
    lay_out(engine, row.workflow_id)
    relay.nudge()
    await asyncio.wait_for(signals.asked.wait(), 30)

    signals.fault = None
    relay.nudge()
    await asyncio.wait_for(signals.rung.wait(), 30)

    await ended(running)
    assert waiting(engine) == 0


async def test_the_app_runs_the_relay_while_it_lives(deps: Deps, relay: FakeRelay) -> None:
    app = build_app(deps)

    async with app.router.lifespan_context(app):
        await asyncio.sleep(0)
        running = relay.runs

    assert running
    assert not relay.runs


async def test_what_a_webhook_committed_reaches_the_workflow_by_the_relay(
    api: httpx.AsyncClient, engine: Engine, world: World
) -> None:
    row = world.enrollment()
    signals = FakeSignals()
    await api.post("/v1/events", json={"event": "complaint", "contact": row.contact_id})

    await deliver(engine, signals)

    ((workflow_id, event),) = signals.brought
    assert workflow_id == row.workflow_id
    assert isinstance(event, Complaint)


class SignalsWithBell(FakeSignals):
    def __init__(self) -> None:
        super().__init__()
        self.asked, self.rung = asyncio.Event(), asyncio.Event()

    @override
    async def signal(self, workflow_id: str, event: Event) -> bool:
        self.asked.set()
        brought = await super().signal(workflow_id, event)
        self.rung.set()
        return brought

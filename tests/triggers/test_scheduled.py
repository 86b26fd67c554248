"""The Schedule on a real Temporal server: after an outage of days everybody enters once."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client, ScheduleActionExecutionStartWorkflow, ScheduleHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker
from typing_extensions import override

from activities.triggering.sweeping import sweep
from devstack.temporal import EmbeddedTemporal
from runtime.clock import wall_now
from schemas.names import ACTIVITY_SWEEP, QUEUE_ENROLLMENTS, SCHEDULE_TRIGGERS
from schemas.triggers import SweepRequest, Swept, TriggerActivities
from schemas.values import cut
from starter.scheduling import make_schedule
from tests.builders import days
from tests.triggers.app import App, near, silent, triggered
from workflows.sweep import TriggerSweep

DAY = timedelta(days=1)


class Sweeping(TriggerActivities):
    """The sweep itself, on a test's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @override
    @activity.defn(name=ACTIVITY_SWEEP)
    def sweep_triggers(self, request: SweepRequest) -> Swept:
        assert request.now is not None
        return sweep(self._engine, request.now)


@pytest.fixture
async def schedule(temporal: EmbeddedTemporal, engine: Engine) -> AsyncIterator[ScheduleHandle]:
    """Give the schedule, paused as in an outage, and a worker for what it starts."""
    client = await Client.connect(temporal.address, data_converter=pydantic_data_converter)
    handle = client.get_schedule_handle(SCHEDULE_TRIGGERS)
    assert await make_schedule(client)
    await handle.pause()
    with ThreadPoolExecutor(2) as threads:
        worker = Worker(
            client,
            task_queue=QUEUE_ENROLLMENTS,
            workflows=[TriggerSweep],
            activities=[Sweeping(engine).sweep_triggers],
            activity_executor=threads,
        )
        async with worker:
            yield handle
    await handle.delete()


async def swept(schedule: ScheduleHandle, client: Client, times: int) -> Swept:
    """Let it start a sweep, and wait for what that one answers."""
    await schedule.trigger()
    while len(actions := (await schedule.describe()).info.recent_actions) < times:
        pass
    started = actions[-1].action
    assert isinstance(started, ScheduleActionExecutionStartWorkflow)
    handle = client.get_workflow_handle(started.workflow_id, result_type=Swept)
    answer: Swept = await handle.result()
    return answer


async def test_who_was_due_in_an_outage_of_three_days_enters_once(
    schedule: ScheduleHandle, temporal: EmbeddedTemporal, app: App
) -> None:
    client = await Client.connect(temporal.address, data_converter=pydantic_data_converter)
    now = cut(wall_now())
    app.publish(triggered(silent(days(2)), name="quiet"), at=now - 10 * DAY)
    app.publish(triggered(near(days(1)), name="renewal"), at=now - 10 * DAY)
    for ago in (3, 4, 5):
        app.contact(f"c{ago}@example.com", at=now - 6 * DAY)
        app.report(of=f"c{ago}@example.com", at=now - ago * DAY)
    passed = f"{now - 2 * DAY:%Y-%m-%d}"
    app.contact("dated@example.com", at=now - 6 * DAY, attributes={"contract_end": passed})

    first = await swept(schedule, client, 1)
    second = await swept(schedule, client, 2)

    silences = [start.at for start in app.starts() if start.sequence == "quiet"]
    dated = [start.at for start in app.starts() if start.sequence == "renewal"]
    midnight = (now - 3 * DAY).replace(hour=0, minute=0)
    assert (first, second) == (Swept(entered=4), Swept())
    assert silences == [now - 3 * DAY, now - 2 * DAY, now - DAY]
    assert dated == [midnight]


async def test_a_schedule_that_is_there_stays_as_it_is(
    schedule: ScheduleHandle, temporal: EmbeddedTemporal
) -> None:
    client = await Client.connect(temporal.address, data_converter=pydantic_data_converter)

    is_new = await make_schedule(client)

    assert not is_new
    assert (await schedule.describe()).schedule.state.paused

"""How all stands: what is in doubt, held, stopped, and broken by a bug of ours."""

from collections.abc import AsyncIterator, Iterator

import pytest
from temporalio.client import Client
from temporalio.runtime import (
    BufferedMetricUpdate,
    MetricBuffer,
    Runtime,
    TelemetryConfig,
)

from devstack.emulator.faults import Fault, FaultKind
from devstack.temporal import EmbeddedTemporal
from schemas.names import QUEUE_ENROLLMENTS, SEARCH_ATTRIBUTES, WORKFLOW_ENROLLMENT
from schemas.outcomes import Braked, InDoubt
from starter.health import Broken, Health, health
from tests.acceptance.looking import until
from tests.activities.world import World
from tests.stage import Stage, a_stage
from worker.gauges import Gauges

AT_ONCE = {"system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "1"}
WELL = Health(in_doubt=0, oldest_doubt_seconds=0, held=0, brakes=0, braked=0, signals=0, broken=())


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedTemporal]:
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES, dynamic_config=AT_ONCE) as server:
        yield server


@pytest.fixture
async def stage(server: EmbeddedTemporal) -> AsyncIterator[Stage]:
    async with a_stage(server.address) as stage:
        yield stage


async def broken(client: Client) -> str:
    """Start an enrollment whose first task fails, for an argument that is no start of one."""
    nonsense = {"sequence": ["no", "name"]}
    name = "welcome.somebody"
    await client.start_workflow(
        WORKFLOW_ENROLLMENT, nonsense, id=name, task_queue=QUEUE_ENROLLMENTS
    )
    return name


async def test_a_workflow_that_a_bug_keeps_from_going_on_is_found_by_its_id(
    world: World, stage: Stage
) -> None:
    name = await broken(stage.client)

    found = await until(lambda: health(stage.client, world.engine), lambda one: one.broken)

    assert not found.is_well
    assert found.broken == (
        Broken(workflow_id=name, cause="WorkflowTaskFailedCauseWorkflowWorkerUnhandledFailure"),
    )
    await stage.client.get_workflow_handle(name).terminate()
    mended = await until(lambda: health(stage.client, world.engine), lambda one: one.is_well)
    assert mended == WELL


async def test_what_is_in_doubt_and_what_is_stopped_is_counted(world: World, stage: Stage) -> None:
    world.publish()
    ada, bob = (world.enrolled(world.contact(email=f"{one}@c.example")) for one in ("ada", "bob"))
    await world.emulator.arm(Fault(kind=FaultKind.UNAVAILABLE))
    assert isinstance(await world.send(ada), InDoubt)
    await world.emulator.arm(Fault(kind=FaultKind.UNAUTHORIZED))
    assert isinstance(await world.send(bob), Braked)

    found = await health(stage.client, world.engine)

    assert (found.in_doubt, found.brakes, found.braked, found.held) == (1, 1, 1, 1)
    assert found.is_well


def shown(buffer: MetricBuffer) -> dict[str, float]:
    def label(update: BufferedMetricUpdate) -> str:
        return update.metric.name + str(update.attributes.get("workflow_id", ""))

    return {label(one): one.value for one in buffer.retrieve_updates()}


def test_gauges_name_what_is_broken_until_it_goes_on_again() -> None:
    buffer = MetricBuffer(100)
    gauges = Gauges(Runtime(telemetry=TelemetryConfig(metrics=buffer)).metric_meter)
    ill = WELL.model_copy(
        update={"in_doubt": 3, "broken": (Broken(workflow_id=".one", cause="a bug"),)}
    )

    gauges.show(ill)
    first = shown(buffer)
    gauges.show(WELL)
    second = shown(buffer)

    assert first["postroad_in_doubt"] == 3
    assert first["postroad_workflow_broken.one"] == 1
    assert (second["postroad_in_doubt"], second["postroad_workflow_broken.one"]) == (0, 0)

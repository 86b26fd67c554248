from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.temporal import EmbeddedTemporal
from schemas.sequence import Sequence
from starter.enrolling.enrollments import Started, enroll
from tests.webhooks.given import ADA, World, a_sequence, with_receipt


async def test_who_may_send_receipts_goes_before_others_that_wake_at_once(
    temporal: EmbeddedTemporal, world: World, engine: Engine
) -> None:
    client = await Client.connect(temporal.address, data_converter=pydantic_data_converter)

    receipts = await _priority(client, world, engine, with_receipt("urgent"))
    others = await _priority(client, world, engine, a_sequence("not-urgent"))

    assert (receipts, others) == (1, 0)


async def _priority(client: Client, world: World, engine: Engine, sequence: Sequence) -> int:
    world.enrollment(sequence, "before@example.com")
    world.contact(ADA)
    started = await enroll(client, engine, sequence.name, ADA)
    assert isinstance(started, Started)
    handle = client.get_workflow_handle(started.workflow_id, run_id=started.run_id)
    begun = (await handle.fetch_history()).events[0]
    await handle.terminate()
    return begun.workflow_execution_started_event_attributes.priority.priority_key

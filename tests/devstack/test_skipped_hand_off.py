import secrets
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from devstack.temporal import EmbeddedTemporal
from devstack.timeskip import Closed, skip
from tests.devstack.daily import Daily, act

DAY = timedelta(days=1)


@workflow.defn
class Handing:
    @workflow.run
    async def run(self, other: str) -> None:
        await workflow.sleep(DAY)
        await workflow.start_child_workflow(
            Daily.run, 9, id=other, parent_close_policy=workflow.ParentClosePolicy.ABANDON
        )


async def test_skip_over_a_hand_off_leaves_the_other_at_its_own_moment(
    temporal: EmbeddedTemporal,
) -> None:
    client = await Client.connect(temporal.address, namespace=temporal.namespace)
    mark = secrets.token_hex(4)
    queue, one, other = f"handing-{mark}", f"one-{mark}", f"other-{mark}"

    async with Worker(client, task_queue=queue, workflows=[Handing, Daily], activities=[act]):
        run = await client.start_workflow(Handing.run, other, id=one, task_queue=queue)
        assert await skip(client, one, 3 * DAY) == Closed(one)
        begun = (await run.describe()).start_time
        now = await TimeSkipper(client).get_current_time(client.get_workflow_handle(other))

    assert now - begun == pytest.approx(DAY, abs=timedelta(minutes=10))

from collections.abc import Iterator
from datetime import timedelta

import pytest

from devstack.temporal import EmbeddedTemporal
from schemas.events import Click
from schemas.names import SEARCH_ATTRIBUTES
from schemas.steps import WaitStep
from tests.builders import a_sequence, an_email, days
from tests.stage import a_stage

LONG = {"limit.historyCount.suggestContinueAsNew": "30"}


@pytest.fixture(scope="module")
def impatient() -> Iterator[EmbeddedTemporal]:
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES, dynamic_config=LONG) as server:
        yield server


async def test_a_much_signalled_enrollment_continues_as_new_where_it_stands(
    impatient: EmbeddedTemporal,
) -> None:
    sequence = a_sequence(an_email("one"), WaitStep(id="w", wait=days(5)), an_email("two"))

    async with a_stage(impatient.address) as stage:
        handle = await stage.start(sequence)
        before = await stage.until(handle, "live")
        for number in range(40):
            await stage.signal(handle, Click(id=f"c{number}", step="one"))
        after = await stage.until(handle, "live")
        run = (await handle.describe()).run_id
        await stage.skip(handle, timedelta(days=6))
        report = await stage.client.get_workflow_handle(handle.id).result()

    assert run != handle.result_run_id
    assert before.progress is not None
    assert after.progress is not None
    assert after.progress.enrolled_at == before.progress.enrolled_at
    assert len(after.progress.events) == 40
    assert [one.step for one in stage.activities.sends] == ["one", "two"]
    assert len(stage.activities.begun) == 1
    assert report["sent"] == 2

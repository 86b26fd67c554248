from collections import Counter
from datetime import timedelta

from temporalio.api.enums.v1 import EventType

from schemas.names import ATTRIBUTE_ENDING, ATTRIBUTE_STATE, ATTRIBUTE_STEP
from schemas.steps import AnyStep, WaitStep
from tests.builders import a_sequence, an_email, days
from tests.stage import Handle, Stage

SKIPPED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
}


def five_emails() -> list[AnyStep]:
    steps: list[AnyStep] = []
    for number in range(5):
        steps += [an_email(f"mail-{number}"), WaitStep(id=f"wait-{number}", wait=days(2))]
    return steps[:-1]


async def counted(handle: Handle) -> Counter[int]:
    history = await handle.fetch_history()
    return Counter(event.event_type for event in history.events)


async def test_five_emails_cost_at_most_eighty_history_events(stage: Stage) -> None:
    handle = await stage.start(a_sequence(*five_emails()))

    await stage.skip(handle, timedelta(days=20))
    report = await handle.result()
    events = await counted(handle)

    assert report.sent == 5
    assert sum(count for kind, count in events.items() if kind not in SKIPPED) <= 80


async def test_an_email_costs_one_remote_activity(stage: Stage) -> None:
    handle = await stage.start(a_sequence(*five_emails()))

    await stage.skip(handle, timedelta(days=20))
    await handle.result()
    events = await counted(handle)

    assert events[EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED] == 2 + 5


async def test_search_attributes_change_at_most_once_a_step(stage: Stage) -> None:
    handle = await stage.start(a_sequence(*five_emails()))

    await stage.skip(handle, timedelta(days=20))
    await handle.result()
    events = await counted(handle)

    assert events[EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES] <= 1 + 5


async def test_an_operator_filters_by_state_step_and_ending(stage: Stage) -> None:
    handle = await stage.start(a_sequence(*five_emails()))

    await stage.until(handle, "live")
    waiting = (await handle.describe()).search_attributes
    await stage.skip(handle, timedelta(days=20))
    await handle.result()
    over = (await handle.describe()).search_attributes

    assert waiting[ATTRIBUTE_STATE] == ["live"]
    assert waiting[ATTRIBUTE_STEP] == ["wait-0"]
    assert over[ATTRIBUTE_STATE] == ["ended"]
    assert over[ATTRIBUTE_ENDING] == ["completed"]


async def test_the_ui_shows_in_words_where_it_stands_and_why(stage: Stage) -> None:
    handle = await stage.start(a_sequence(*five_emails()))

    await stage.until(handle, "live")
    details = await handle.query("__temporal_workflow_metadata")

    assert "Next: wait-0" in str(details)
    assert "waits 2 days" in str(details)

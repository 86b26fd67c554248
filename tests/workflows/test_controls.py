from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from schemas.enrollment import Acknowledged
from schemas.events import Control
from schemas.outcomes import Held
from schemas.steps import WaitStep
from tests.builders import a_sequence, an_email, days
from tests.stage import Handle, Stage
from workflows.deciding.endings import MERGED

SEQUENCE = a_sequence(an_email("one"), WaitStep(id="w", wait=days(2)), an_email("two"))
AHEAD = datetime(2100, 3, 2, 15, tzinfo=UTC)
WHO = {"who": "ada", "why": "asked by phone"}


async def refusal(handle: Handle, update: str, command: dict[str, str]) -> str:
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await handle.execute_update(update, command)
    assert isinstance(caught.value.cause, ApplicationError)
    return caught.value.cause.message


async def test_a_pause_is_committed_and_stops_the_clock_until_the_resume(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    await handle.execute_update("pause", WHO)
    await stage.skip(handle, timedelta(days=5))
    paused = await stage.until(handle, "paused")
    await handle.execute_update("resume", WHO)
    resumed = await stage.until(handle, "live")

    assert stage.sent(handle) == ["one"]
    assert paused.next is not None
    assert paused.next.until is None
    assert resumed.next is not None
    assert resumed.progress is not None
    assert resumed.next.until == resumed.progress.enrolled_at + timedelta(days=7)
    assert [one.control.action for one in stage.activities.controls] == ["pause", "resume"]


async def test_an_exit_ends_as_stopped_with_who_and_why_on_record(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    await handle.execute_update("exit", WHO)
    report = await handle.result()

    assert report.ending == "stopped"
    assert stage.activities.controls[0].control.who == "ada"


async def test_an_exit_ends_what_is_paused_and_says_so(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")
    await handle.execute_update("pause", WHO)

    acknowledged = await handle.execute_update("exit", WHO, result_type=Acknowledged)

    assert acknowledged.state == "ended"
    assert (await handle.result()).ending == "stopped"


async def test_an_exit_ends_what_is_held_or_waits_for_its_own_moment(stage: Stage) -> None:
    stage.activities.outcomes = {"one": [Held(reason="one.md does not render; mend it")]}
    held = await stage.start(SEQUENCE)
    await stage.until(held, "held")
    ahead = await stage.start(a_sequence(WaitStep(id="w", wait=days(2))), at=AHEAD)
    await stage.until(ahead, "live")

    for handle in (held, ahead):
        acknowledged = await handle.execute_update("exit", WHO, result_type=Acknowledged)
        assert acknowledged.state == "ended"

    assert [(await one.result()).ending for one in (held, ahead)] == ["stopped", "stopped"]
    assert (await ahead.result()).at == AHEAD


async def test_a_command_without_who_is_refused_in_one_sentence(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    answer = await refusal(handle, "pause", {"who": " "})

    assert answer == "say who gives this command, in the field `who`"


async def test_a_second_pause_and_an_idle_resume_are_refused(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    idle = await refusal(handle, "resume", WHO)
    await handle.execute_update("pause", WHO)
    again = await refusal(handle, "pause", WHO)

    assert "nothing to resume" in idle
    assert "paused already" in again
    assert len(stage.activities.controls) == 1


async def test_a_command_by_signal_counts_without_being_committed_again(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    await stage.signal(handle, Control(id="c1", action="exit", who="ada"))

    assert (await handle.result()).ending == "stopped"
    assert stage.activities.controls == []


async def test_whose_contact_was_merged_into_one_who_is_in_the_sequence_ends_as_merged(
    stage: Stage,
) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    told = Control(id="m1", action="exit", who="kim", why="one person", ending=MERGED)
    await stage.signal(handle, told)
    await stage.signal(handle, told)

    assert (await handle.result()).ending == MERGED
    assert stage.sent(handle) == ["one"]
    assert [one.ending.name for one in stage.activities.endings] == [MERGED]


async def test_a_cancel_in_the_temporal_ui_ends_as_stopped(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    await handle.cancel()

    assert (await handle.result()).ending == "stopped"
    assert stage.activities.endings[0].ending.name == "stopped"

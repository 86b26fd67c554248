"""A workflow that is cancelled in Temporal: what is under way is done first, then it ends."""

import asyncio
import threading

from schemas.outcomes import Stopped
from schemas.progress import Ending
from schemas.steps import HandOffStep
from tests.builders import MONDAY, a_sequence, an_email
from tests.stage import Handle, Stage

SEQUENCE = a_sequence(an_email("one"), an_email("two"))


class Halt:
    """Keeps an activity under way until it is let go."""

    def __init__(self, stage: Stage, what: str) -> None:
        self._there, self._on = threading.Event(), threading.Event()
        self._fault: Exception | None = None
        stage.activities.meanwhile[what] = self._stop

    def _stop(self) -> None:
        self._there.set()
        assert self._on.wait(60)
        if self._fault is not None:
            raise self._fault

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._there.wait, 60)

    def let_go(self, fault: Exception | None = None) -> None:
        self._fault = fault
        self._on.set()


async def cancelled_at(
    stage: Stage, handle: Handle, halt: Halt, fault: Exception | None = None
) -> None:
    """Cancel while an activity is under way, and let it go on, or fail, when that is on record."""
    await halt.reached()
    await handle.cancel()
    while not stage.activities.controls:
        await handle.describe()
    halt.let_go(fault)


async def test_the_mail_under_way_is_recorded_and_no_other_goes(stage: Stage) -> None:
    halt = Halt(stage, "one")
    handle = await stage.start(SEQUENCE)

    await cancelled_at(stage, handle, halt)
    report = await handle.result()

    assert (report.ending, report.sent) == ("stopped", 1)
    assert stage.sent(handle) == ["one"]
    (over,) = stage.activities.endings
    assert [entry.what for entry in over.timeline if entry.step == "one"] == ["sent"]


async def test_a_mail_that_is_tried_again_does_not_go_after_the_cancel(stage: Stage) -> None:
    stopped = Ending(name="stopped", at=MONDAY)
    stage.activities.outcomes = {"one": [Stopped(ending=stopped)]}
    halt = Halt(stage, "one")
    handle = await stage.start(SEQUENCE)

    await cancelled_at(stage, handle, halt, OSError("no way to SendGrid"))
    report = await handle.result()

    assert (report.ending, report.sent) == ("stopped", 0)
    (control,) = stage.activities.controls
    assert control.row == stage.activities.begun[0].run_id
    assert (control.control.action, control.control.who) == ("exit", "Temporal")


async def test_one_that_is_cancelled_while_it_begins_ends_on_record(stage: Stage) -> None:
    halt = Halt(stage, "begin_enrollment")
    handle = await stage.start(SEQUENCE)
    await halt.reached()

    await handle.cancel()
    halt.let_go()
    report = await handle.result()

    assert (report.ending, report.sent, report.refused) == ("stopped", 0, False)
    assert [one.ending.name for one in stage.activities.endings] == ["stopped"]


async def test_a_cancel_while_its_record_is_closed_changes_no_ending(stage: Stage) -> None:
    halt = Halt(stage, "end_enrollment")
    handle = await stage.start(a_sequence(an_email("one")))

    await cancelled_at(stage, handle, halt)
    report = await handle.result()

    assert (report.ending, report.sent) == ("completed", 1)
    assert len(stage.activities.endings) == 1


async def test_a_hand_off_under_way_is_carried_to_its_end(stage: Stage) -> None:
    halt = Halt(stage, "hand_off")
    child = a_sequence(an_email("fast"), name="priority")
    stage.activities.sequences = {"priority": child}
    handle = await stage.start(a_sequence(HandOffStep(id="over", to="priority", next=None)))

    await cancelled_at(stage, handle, halt)
    report = await handle.result()
    row = stage.activities.begun[0].run_id
    other = await stage.client.get_workflow_handle(f"priority.{row}").result()

    assert report.ending == "handed_off"
    assert other["sent"] == 1

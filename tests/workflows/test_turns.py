"""Language rule 28 in the workflow: waiting for a turn, losing it, getting it back."""

from datetime import timedelta

from runtime.clock import wall_now
from schemas.events import Control, Turn
from schemas.outcomes import Behind, Refused, Waiting
from schemas.policies import Turns
from schemas.steps import WaitStep
from tests.builders import a_sequence, an_email, days
from tests.stage import Handle, Stage

SEQUENCE = a_sequence(an_email("one"), WaitStep(id="w", wait=days(2)), an_email("two"))
SAME = "sales has this contact already, with the same priority 1"


async def in_line(stage: Stage, *afterwards: Refused | Waiting) -> tuple[Handle, Waiting]:
    """Start one that waits for its turn for three days, and is answered so `afterwards`."""
    waiting = Waiting(until=wall_now() + timedelta(days=3), why=SAME)
    stage.activities.waits = {SEQUENCE.name: [waiting, *afterwards]}
    handle = await stage.start(SEQUENCE)
    await stage.until_queued(handle)
    return handle, waiting


async def test_it_begins_when_its_turn_comes_and_not_before(stage: Stage) -> None:
    handle, _ = await in_line(stage)
    begun = list(stage.activities.begun)
    sent = list(stage.activities.sends)

    await stage.signal(handle, Turn(id="turn-1-000001", held=True))
    await stage.skip(handle, timedelta(days=3))
    report = await handle.result()

    assert (len(begun), sent) == (1, [])
    assert (report.ending, report.sent) == ("completed", 2)
    assert len(stage.activities.begun) == 2


async def test_when_it_has_waited_long_enough_it_asks_once_more_and_is_refused(
    stage: Stage,
) -> None:
    handle, waiting = await in_line(stage, Refused(reason="busy", message=SAME))

    await stage.skip(handle, timedelta(days=3, minutes=1))
    report = await handle.result()

    assert (report.ending, report.refused, report.message) == ("busy", True, SAME)
    assert [one.now >= waiting.until for one in stage.activities.begun] == [False, True]
    assert stage.activities.sends == []


async def test_a_turn_that_is_lost_again_before_it_began_is_waited_for_again(stage: Stage) -> None:
    longer = Waiting(until=wall_now() + timedelta(days=4), why=SAME)
    handle, _ = await in_line(stage, longer)

    await stage.signal(handle, Turn(id="turn-1-000001", held=True))
    while len(stage.activities.begun) < 2:
        await handle.describe()
    await stage.signal(handle, Turn(id="turn-1-000003", held=True))
    await stage.skip(handle, timedelta(days=3))

    assert (await handle.result()).sent == 2


async def test_one_that_is_cancelled_while_it_waits_leaves_the_line(stage: Stage) -> None:
    handle, _ = await in_line(stage)

    await handle.cancel()
    report = await handle.result()

    assert (report.ending, report.refused) == ("stopped", True)
    (left,) = stage.activities.left
    assert (left.workflow_id, left.run_id) == (handle.id, handle.result_run_id)
    assert len(stage.activities.begun) == 1


async def test_one_that_is_called_off_before_it_asked_does_not_wait(stage: Stage) -> None:
    handle, _ = await in_line(stage)

    off = Control(id="off", action="exit", who="olga", ending="replaced")
    await stage.signal(handle, off)
    report = await handle.result()

    assert report.refused
    (left,) = stage.activities.left
    assert left.control == off


async def test_a_lost_turn_stops_the_clock_until_it_is_back(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    await stage.signal(handle, Turn(id="turn-1-000001", held=False, why="sales goes first"))
    waiting = await stage.until(handle, "waiting")
    await stage.skip(handle, timedelta(days=5))
    sent = stage.sent(handle)
    await stage.signal(handle, Turn(id="turn-1-000002", held=True))
    live = await stage.until(handle, "live")
    await stage.skip(handle, timedelta(days=3))

    assert waiting.next is not None
    assert waiting.next.until is None
    assert sent == ["one"]
    assert live.next is not None
    assert (await handle.result()).sent == 2


async def test_the_claim_tells_of_a_lost_turn_that_the_signal_has_not_brought(
    stage: Stage,
) -> None:
    lost = Turn(id="turn-1-000001", held=False, why="sales goes first", at=wall_now())
    stage.activities.outcomes = {"one": [Behind(events=(lost,))]}
    handle = await stage.start(SEQUENCE)

    waiting = await stage.until(handle, "waiting")
    await stage.signal(handle, lost)
    await stage.signal(handle, Turn(id="turn-1-000002", held=True))
    await stage.skip(handle, timedelta(days=3))

    assert waiting.next is not None
    assert "sales goes first" in waiting.next.why
    assert (await handle.result()).sent == 2


async def test_one_that_is_to_exit_ends_when_it_loses_its_turn(stage: Stage) -> None:
    exits = SEQUENCE.model_copy(update={"turns": Turns(exclusive="sales", on_lost="exit")})
    handle = await stage.start(exits)
    await stage.until(handle, "live")

    await stage.signal(handle, Turn(id="turn-1-000001", held=False, why="sales goes first"))

    assert (await handle.result()).ending == "lost_slot"

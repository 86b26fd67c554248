"""Parts of the stack killed in the midst of the work: it waits, goes on, and mails nobody twice."""

import asyncio
import signal

from devstack.emulator.actions import Action, ActionKind
from devstack.emulator.faults import FaultKind
from schemas.ids import enrollment_id
from schemas.names import QUEUE_ENROLLMENTS, WORKFLOW_ENROLLMENT
from tests.acceptance.looking import until
from tests.acceptance.playing import Play

BOTH = ["Hello Ada", "Again Ada"]
HANGING = 600


async def test_a_worker_killed_between_claim_and_answer_mails_nobody_twice(play: Play) -> None:
    await play.keep_quiet()
    await play.strike(FaultKind.HANG_AFTER_ACCEPT, seconds=HANGING)
    await play.enroll()
    await play.until_mailed(1)
    (claimed,) = await play.sends()
    play.kill("worker")

    await play.restart("worker")
    await play.miss_worker()
    await play.lose_attempt()
    doubtful = await play.until("in_doubt")
    await play.speak_again()
    await play.until("live", next_step="wait-1")
    await play.skip()

    hello, again = await play.sends()
    assert (claimed.state, doubtful.past[-1].step) == ("claimed", "hello")
    assert [(one.state, one.attempt) for one in (hello, again)] == [("accepted", 1)] * 2
    assert await play.subjects() == BOTH


async def test_a_worker_killed_while_it_waits_is_not_missed(play: Play) -> None:
    await play.enroll_and_greet()
    play.kill("worker")
    skipping = asyncio.create_task(play.skip())

    await play.miss_worker()
    await play.restart("worker")

    await skipping
    assert await play.subjects() == BOTH


async def test_a_reply_while_temporal_is_dead_ends_it_at_once_and_is_told_later(
    play: Play,
) -> None:
    await play.enroll_and_greet()
    (mail,) = await play.mails()
    play.kill("temporal")

    await play.stage.emulator.act(mail.id, Action(kind=ActionKind.REPLY, text="Tell me more."))
    drained = await play.stage.emulator.drain()
    recorded = await play.stage.web.get(f"/v1/enrollments/{play.enrollment}")
    await play.restart("temporal")

    async with asyncio.timeout(30):
        report = await play.handle.result()
    assert drained.drained
    assert recorded.json()["ending"] == "replied"
    assert (report.ending, report.sent) == ("replied", 1)
    assert await play.subjects() == ["Hello Ada"]


async def test_what_was_waiting_goes_on_when_temporal_was_killed(play: Play) -> None:
    await play.enroll_and_greet()
    play.kill("temporal")

    await play.restart("temporal")

    await until(play.story, lambda story: story is not None and story.told_by == "live")
    await play.skip()
    assert await play.subjects() == BOTH


async def test_an_enrollment_begins_when_postgresql_is_back(play: Play) -> None:
    contact = await play.bring_in()
    play.enrollment = enrollment_id(play.desk.name, contact, None)
    play.kill("postgres", signal.SIGINT)
    await play.stage.client.start_workflow(
        WORKFLOW_ENROLLMENT,
        {"sequence": play.desk.name, "contact": contact},
        id=play.enrollment,
        task_queue=QUEUE_ENROLLMENTS,
    )
    failure = await until(play.failures, bool)

    await play.restart("postgres")

    await play.until("live", next_step="wait-1")
    assert "PostgreSQL" in failure
    assert await play.subjects() == ["Hello Ada"]


async def test_an_answer_that_postgresql_could_not_record_is_settled_by_the_event(
    play: Play,
) -> None:
    await play.strike(FaultKind.SLOW, seconds=2)
    await play.enroll()
    await until(play.sends, lambda rows: [row.state for row in rows] == ["claimed"])
    play.kill("postgres", signal.SIGINT)
    await play.until_mailed(1)
    await until(play.failures, bool)

    await play.restart("postgres")

    await play.until("live", next_step="wait-1")
    await play.skip()
    hello, again = await play.sends()
    assert [(one.state, one.attempt) for one in (hello, again)] == [("accepted", 1)] * 2
    assert await play.subjects() == BOTH

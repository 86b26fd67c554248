from datetime import timedelta

from schemas.events import Click, Reply, TaskDone, Turn, Unsubscribe
from schemas.matchers import Matcher
from schemas.outcomes import Held, InDoubt, Stopped, Suppressed, Waiting
from schemas.policies import ExitRule, Reaction
from schemas.progress import Ending
from schemas.steps import HandOffStep, Path, TaskStep, WaitForStep, WaitStep
from schemas.suppression import Reason
from tests.builders import MONDAY, a_sequence, an_email, chained, days
from tests.stage import Stage

REPLIED = (ExitRule(name="replied", on=Matcher(kind="reply")),)


async def test_mails_go_on_their_days_and_the_enrollment_completes(stage: Stage) -> None:
    sequence = a_sequence(an_email("one"), WaitStep(id="pause", wait=days(2)), an_email("two"))

    handle = await stage.start(sequence)
    await stage.skip(handle, timedelta(days=3))
    report = await handle.result()

    assert (report.ending, report.sent) == ("completed", 2)
    assert stage.sent(handle) == ["one", "two"]


async def test_a_reply_ends_the_enrollment_while_it_sleeps(stage: Stage) -> None:
    sequence = a_sequence(
        an_email("one"), WaitStep(id="pause", wait=days(29)), an_email("two"), exit_on=REPLIED
    )

    handle = await stage.start(sequence)
    await stage.signal(handle, Reply(id="r1"))
    report = await handle.result()

    assert report.ending == "replied"
    assert "two" not in stage.sent(handle)


async def test_a_signal_before_the_enrollment_is_on_record_counts(stage: Stage) -> None:
    sequence = a_sequence(an_email("one"), WaitStep(id="w", wait=days(9)), exit_on=REPLIED)
    stage.activities.sequences = {sequence.name: sequence}

    handle = await stage.start(sequence)
    await stage.signal(handle, Reply(id="r1"))

    assert (await handle.result()).ending == "replied"


async def test_a_click_hands_over_and_the_child_begins_at_the_parents_moment(stage: Stage) -> None:
    child = a_sequence(an_email("fast"), name="priority")
    hand_off = HandOffStep(id="over", to="priority", next=None)
    main = chained(an_email("one"), WaitStep(id="w", wait=days(9), next=None))
    sequence = a_sequence(
        *main,
        hand_off,
        steps=(*main, hand_off),
        reactions=(Reaction(on=Matcher(kind="click", step="one"), first="over"),),
    )
    stage.activities.sequences = {"priority": child}

    handle = await stage.start(sequence)
    await stage.skip(handle, timedelta(days=3, minutes=7))
    await stage.signal(handle, Click(id="c1", step="one"))
    report = await handle.result()
    begun = stage.activities.begun[0]
    other = stage.client.get_workflow_handle(f"priority.{begun.run_id}")
    await other.result()

    assert report.ending == "handed_off"
    assert stage.activities.begun[1].start.at == report.at


async def test_a_task_blocks_until_it_is_done(stage: Stage) -> None:
    sequence = a_sequence(
        TaskStep(id="call", task="call", within=days(2), otherwise=None), an_email("after")
    )

    handle = await stage.start(sequence)
    await stage.signal(handle, TaskDone(id="t1", step="call"))
    report = await handle.result()

    assert (report.ending, report.sent) == ("completed", 1)
    assert [task.task for task in stage.activities.tasks] == ["call"]


async def test_an_event_that_came_early_satisfies_the_wait_for_it(stage: Stage) -> None:
    sequence = a_sequence(
        an_email("one"),
        WaitStep(id="w", wait=days(3)),
        WaitForStep(
            id="clicked",
            paths=(Path(on=Matcher(kind="click", step="one"), then="yes"),),
            within=days(5),
            otherwise=None,
        ),
        an_email("yes"),
    )

    handle = await stage.start(sequence)
    await stage.signal(handle, Click(id="c1", step="one"))
    await stage.skip(handle, timedelta(days=3, minutes=7))
    report = await handle.result()

    assert report.sent == 2


async def test_a_fault_holds_until_a_resume_and_the_same_mail_goes_then(stage: Stage) -> None:
    stage.activities.outcomes = {"one": [Held(reason="one.md does not render; mend it")]}
    sequence = a_sequence(an_email("one"))

    handle = await stage.start(sequence)
    held = await stage.until(handle, "held")
    await handle.execute_update("resume", {"who": "ada", "why": "mended"})
    report = await handle.result()

    assert held.next is not None
    assert "one.md does not render" in held.next.why
    assert [one.resumes for one in stage.activities.sends] == [0, 1]
    assert report.sent == 1


async def test_a_mail_in_doubt_is_settled_and_never_sent_again(stage: Stage) -> None:
    stage.activities.outcomes = {"one": [InDoubt(send="s1", at=MONDAY)]}
    sequence = a_sequence(an_email("one"))

    report = await (await stage.start(sequence)).result()

    assert report.sent == 0
    assert [one.send for one in stage.activities.settled] == ["s1"]
    assert len(stage.activities.sends) == 1


async def test_an_ending_that_the_database_knew_first_counts(stage: Stage) -> None:
    ending = Ending(name="meeting_booked", at=MONDAY)
    stage.activities.outcomes = {"one": [Stopped(ending=ending)]}

    report = await (await stage.start(a_sequence(an_email("one")))).result()

    assert report.ending == "meeting_booked"


async def test_a_bounce_met_in_the_claim_ends_the_enrollment(stage: Stage) -> None:
    stage.activities.outcomes = {"one": [Suppressed(reason=Reason.BOUNCED)]}
    sequence = a_sequence(an_email("one"), an_email("two"))

    report = await (await stage.start(sequence)).result()

    assert (report.ending, report.sent) == ("bounced", 0)


async def test_after_an_unsubscribe_only_transactional_mails_go(stage: Stage) -> None:
    sequence = a_sequence(
        an_email("one"),
        WaitStep(id="w", wait=days(2)),
        an_email("promo"),
        an_email("receipt", transactional=True),
    )

    handle = await stage.start(sequence)
    await stage.signal(handle, Unsubscribe(id="u1"))
    await stage.skip(handle, timedelta(days=5))
    report = await handle.result()

    assert report.ending == "unsubscribed"
    assert "promo" not in stage.sent(handle)
    assert "receipt" in stage.sent(handle)


async def test_a_refusal_is_an_answer_not_an_error(stage: Stage) -> None:
    stage.activities.refuses = {"welcome": "audience"}

    report = await (await stage.start(a_sequence(an_email("one")))).result()

    assert (report.refused, report.ending) == (True, "audience")


async def test_an_event_that_came_before_the_record_ends_it_before_any_mail(stage: Stage) -> None:
    stage.activities.missed = (Reply(id="r1"),)
    sequence = a_sequence(an_email("one"), exit_on=REPLIED)

    handle = await stage.start(sequence)
    report = await handle.result()

    assert (report.ending, report.sent) == ("replied", 0)


async def test_one_that_begins_at_a_later_step_passes_those_before_it(stage: Stage) -> None:
    mails = (an_email("one", day=1), an_email("three", day=3), an_email("six", day=6))

    handle = await stage.start(a_sequence(*mails), step="three")
    await stage.skip(handle, timedelta(days=3, minutes=1))

    assert (await handle.result()).sent == 2
    assert stage.sent(handle) == ["three", "six"]


async def test_who_waits_for_a_turn_is_asked_again_at_its_moment(stage: Stage) -> None:
    sequence = a_sequence(an_email("one"))
    tomorrow = MONDAY.replace(year=2100)
    stage.activities.waits = {sequence.name: [Waiting(until=tomorrow, why="its place is ahead")]}

    handle = await stage.start(sequence)
    await stage.until_queued(handle)
    await stage.signal(handle, Turn(id="t1", held=True))
    report = await handle.result()

    assert (report.ending, report.sent) == ("completed", 1)
    assert [one.workflow_id for one in stage.activities.begun] == [handle.id] * 2

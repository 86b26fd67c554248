"""Enrollments worth remembering: each is played once, and its history replayed ever after."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from schemas.conditions import Comparison, Constant, Count, Fact
from schemas.events import AutoReply, Click, ContactChanged, Control, DataChanged, Reply, TaskDone
from schemas.matchers import Matcher
from schemas.outcomes import Held, InDoubt
from schemas.policies import ExitRule, Reaction
from schemas.steps import (
    At,
    HandOffStep,
    NotifyStep,
    Path,
    SetStep,
    TaskStep,
    WaitForStep,
    WaitStep,
    WhenStep,
)
from tests.builders import MONDAY, OFFICE, a_sequence, an_email, chained, days
from tests.stage import Handle, Stage
from workflows.deciding.endings import MERGED

WHO = {"who": "ada", "why": "asked by phone"}
WEEK = timedelta(days=7, minutes=7)


async def five_emails(stage: Stage) -> Handle:
    mails = [an_email(f"mail-{day}", day=day) for day in (1, 3, 6, 9, 14)]
    handle = await stage.start(a_sequence(*mails, window=OFFICE))
    await stage.skip(handle, 4 * WEEK)
    return handle


async def reply_while_asleep(stage: Stage) -> Handle:
    replied = (ExitRule(name="replied", on=Matcher(kind="reply")),)
    handle = await stage.start(
        a_sequence(an_email("one"), WaitStep(id="w", wait=days(29)), exit_on=replied)
    )
    await stage.until(handle, "live")
    await stage.signal(handle, Reply(id="r1"))
    return handle


async def click_hands_over(stage: Stage) -> Handle:
    child = a_sequence(an_email("fast"), name="priority")
    main = chained(an_email("one"), WaitStep(id="w", wait=days(9), next=None))
    over = HandOffStep(id="over", to="priority", next=None)
    reaction = Reaction(on=Matcher(kind="click", step="one"), first="over")
    stage.activities.sequences = {"priority": child}
    handle = await stage.start(a_sequence(*main, steps=(*main, over), reactions=(reaction,)))
    await stage.until(handle, "live")
    await stage.signal(handle, Click(id="c1", step="one"))
    return handle


async def held_paused_and_away(stage: Stage) -> Handle:
    stage.activities.outcomes = {"one": [Held(reason="one.md does not render; mend it")]}
    handle = await stage.start(a_sequence(an_email("one"), an_email("two")))
    await stage.until(handle, "held")
    await handle.execute_update("resume", WHO)
    await stage.until(handle, "live")
    await handle.execute_update("pause", WHO)
    await stage.skip(handle, WEEK)
    await handle.execute_update("resume", WHO)
    await stage.signal(handle, AutoReply(id="a1"))
    await stage.skip(handle, WEEK)
    return handle


async def doubt_task_and_branch(stage: Stage) -> Handle:
    stage.activities.outcomes = {"one": [InDoubt(send="s1", at=MONDAY)]}
    clicked = Path(on=Matcher(kind="click", step="one"), then="yes")
    handle = await stage.start(
        a_sequence(
            an_email("one"),
            TaskStep(id="call", task="call", within=days(2)),
            WaitForStep(id="wait", paths=(clicked,), within=days(5), otherwise="yes"),
            an_email("yes"),
        )
    )
    await stage.until(handle, "live")
    await stage.signal(handle, TaskDone(id="t1", step="call"))
    await stage.skip(handle, WEEK)
    return handle


async def doubt_sent_again(stage: Stage) -> Handle:
    doubt = InDoubt(send="s1", at=MONDAY, from_now=True)
    stage.activities.outcomes = {"one": [doubt, doubt]}
    steps = (an_email("one"), an_email("two"))
    handle = await stage.start(a_sequence(*steps, if_in_doubt="resend"))
    await stage.until(handle, "in_doubt")
    await stage.skip(handle, WEEK)
    return handle


async def dated_counted_and_carried_out(stage: Stage) -> Handle:
    end = Fact(of="data", path="end")
    soon = At(anchor=end, by=days(3), before=True, text="data.end - 3 days")
    seldom = Comparison(by="lt", left=Count(event="login", last=days(7)), right=Constant(value=2))
    handle = await stage.start(
        a_sequence(
            SetStep(id="set", values={"engaged": True}),
            WhenStep(id="seldom", test=seldom, text="seldom", then="tips", otherwise=None),
            an_email("tips"),
            an_email("last-call", at=soon),
            an_email("past", at=soon, if_past="hold"),
            NotifyStep(id="tell", text="look here"),
        ),
        data={"end": (MONDAY + timedelta(days=900)).date().isoformat()},
    )
    await stage.until(handle, "live")
    await stage.signal(handle, DataChanged(id="d1", facts={"end": "2020-01-01"}))
    await stage.until(handle, "held")
    await handle.execute_update("skip", WHO)
    return handle


async def merged_into_another(stage: Stage) -> Handle:
    steps = (an_email("one"), WaitStep(id="w", wait=days(29)), an_email("two"))
    handle = await stage.start(a_sequence(*steps, contact_facts=("role",)))
    await stage.until(handle, "live")
    merged = Control(id="merged.1", action="exit", who="kim", why="one person", ending=MERGED)
    await stage.signal(handle, ContactChanged(id="c1", facts={"role": "cto"}))
    await stage.signal(handle, merged)
    return handle


async def cancelled_while_asleep(stage: Stage) -> Handle:
    handle = await stage.start(a_sequence(an_email("one"), WaitStep(id="w", wait=days(29))))
    await stage.until(handle, "live")
    await handle.cancel()
    return handle


SCENES: dict[str, Callable[[Stage], Awaitable[Handle]]] = {
    "five-emails": five_emails,
    "reply-while-asleep": reply_while_asleep,
    "click-hands-over": click_hands_over,
    "held-paused-and-away": held_paused_and_away,
    "doubt-task-and-branch": doubt_task_and_branch,
    "doubt-sent-again": doubt_sent_again,
    "dated-counted-and-carried-out": dated_counted_and_carried_out,
    "merged-into-another": merged_into_another,
    "cancelled-while-asleep": cancelled_while_asleep,
}

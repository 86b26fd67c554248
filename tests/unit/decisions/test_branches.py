from datetime import timedelta

from schemas.decisions import Finish
from schemas.events import (
    AppEvent,
    Bounce,
    Click,
    Complaint,
    Event,
    Reply,
    TaskDone,
    Unsubscribe,
)
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Reaction
from schemas.progress import What
from schemas.steps import ExitStep, HandOffStep, Path, TaskStep, WaitForStep, WaitStep
from tests.builders import (
    MONDAY,
    a_progress,
    a_sequence,
    an_email,
    chained,
    days,
    run_until,
)
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide

FAR = MONDAY + timedelta(days=60)
DAYS = (an_email("intro", day=1), an_email("case", day=3), an_email("video", day=6))
BOOKED = Matcher(kind="event", name="booked")


def test_a_click_on_day_eight_still_hands_over() -> None:
    main = chained(*DAYS, an_email("bye", day=9))
    over = HandOffStep(id="over", to="priority", next=None)
    reaction = Reaction(on=Matcher(kind="click", step="case"), first="over")
    sequence = a_sequence(*main, steps=(*main, over), reactions=(reaction,))
    click = Click(id="c1", step="case", at=MONDAY + timedelta(days=7))

    before, _ = run_until(sequence, a_progress(sequence), MONDAY, MONDAY + timedelta(days=7))
    clicked = after_event(sequence, before, click, MONDAY + timedelta(days=7))
    done, _ = run_until(sequence, clicked, MONDAY + timedelta(days=7))

    assert done.ending is not None
    assert done.ending.name == "handed_off"
    assert [mail.step for mail in done.mails] == ["intro", "case", "video"]


def test_an_ending_comes_before_what_on_would_do_in_the_same_moment() -> None:
    main = chained(an_email("intro"), WaitStep(id="w", wait=days(9), next=None))
    over = HandOffStep(id="over", to="priority", next=None)
    sequence = a_sequence(
        *main,
        steps=(*main, over),
        reactions=(Reaction(on=Matcher(kind="click", step="intro"), first="over"),),
        exit_on=(ExitRule(name="replied", on=Matcher(kind="reply")),),
    )
    progress = a_progress(sequence)

    for event in (Click(id="c1", step="intro", at=MONDAY), Reply(id="r1", at=MONDAY)):
        progress = after_event(sequence, progress, event, MONDAY)
    decision = decide(sequence, progress, MONDAY)

    assert isinstance(decision, Finish)
    assert decision.ending.name == "replied"


def test_in_one_moment_a_bounce_outranks_a_complaint_and_that_a_reply() -> None:
    replied = (ExitRule(name="replied", on=Matcher(kind="reply")),)
    sequence = a_sequence(*DAYS, exit_on=replied)
    events: list[Event] = [Reply(id="a"), Complaint(id="b"), Bounce(id="c")]

    names = []
    for count in (1, 2, 3):
        progress = a_progress(sequence)
        for event in events[:count]:
            progress = after_event(sequence, progress, event, MONDAY)
        decision = decide(sequence, progress, MONDAY)
        names.append(decision.ending.name if isinstance(decision, Finish) else None)

    assert names == ["replied", "complained", "bounced"]


def test_within_includes_its_last_moment() -> None:
    path = Path(on=BOOKED, then="yes")
    wait = WaitForStep(id="wait", paths=(path,), within=days(2), otherwise="no", next=None)
    steps = (wait, an_email("yes", next=None), ExitStep(id="no", ending="gave-up", next=None))
    sequence = a_sequence(*steps, listens_to=("event:booked",))
    last = MONDAY + timedelta(days=2)

    on_time = after_event(
        sequence, a_progress(sequence), AppEvent(id="e", name="booked", at=last), last
    )
    too_late = after_event(
        sequence,
        a_progress(sequence),
        AppEvent(id="e", name="booked", at=last + timedelta(minutes=1)),
        last + timedelta(minutes=1),
    )

    assert run_until(sequence, on_time, last)[0].mails != ()
    ending = run_until(sequence, too_late, last + timedelta(minutes=1))[0].ending
    assert ending is not None
    assert ending.name == "gave-up"


def test_an_event_satisfies_one_wait_only_unless_reused() -> None:
    def waits(*, reuse: bool) -> int:
        paths = (Path(on=BOOKED, then=None),)
        first = WaitForStep(
            id="a", paths=(Path(on=BOOKED, then="b"),), within=days(1), otherwise="b"
        )
        second = WaitForStep(id="b", paths=paths, within=days(3), reuse=reuse)
        sequence = a_sequence(first, second, listens_to=("event:booked",))
        event = AppEvent(id="e", name="booked", at=MONDAY)
        progress = after_event(sequence, a_progress(sequence), event, MONDAY)
        return (run_until(sequence, progress, MONDAY)[1] - MONDAY).days

    assert waits(reuse=False) == 3
    assert waits(reuse=True) == 0


def test_after_an_unsubscribe_marketing_is_skipped_and_the_ending_waits_for_the_bill() -> None:
    sequence = a_sequence(
        an_email("one"),
        TaskStep(id="call", task="call", within=days(1)),
        an_email("bill", transactional=True),
        an_email("last"),
    )

    progress = after_event(sequence, a_progress(sequence), Unsubscribe(id="u", at=MONDAY), MONDAY)
    done, _ = run_until(sequence, progress, MONDAY)

    assert [mail.step for mail in done.mails] == ["bill"]
    assert done.ending is not None
    assert done.ending.name == "unsubscribed"
    assert [entry.step for entry in done.timeline if entry.what is What.SKIPPED] == ["one", "call"]


def test_a_task_done_too_late_changes_nothing() -> None:
    sequence = a_sequence(
        TaskStep(id="call", task="call", within=days(1), otherwise="no"),
        an_email("after", next=None),
        ExitStep(id="no", ending="no-answer", next=None),
    )
    progress, now = run_until(sequence, a_progress(sequence), MONDAY, MONDAY)
    late = TaskDone(id="t", step="call", at=MONDAY + timedelta(days=1, minutes=1))

    progress = after_event(sequence, progress, late, FAR)
    done, _ = run_until(sequence, progress, now + timedelta(days=2))

    assert done.ending is not None
    assert done.ending.name == "no-answer"

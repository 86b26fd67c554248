from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from authoring.simulation.scripts import Scripted, parse_script
from authoring.simulation.simulate import Scenario, simulate
from authoring.simulation.simulations import Simulation
from schemas.conditions import Comparison, Constant, Fact
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Reaction
from schemas.progress import Ending, What
from schemas.sequence import Sequence
from schemas.steps import HandOffStep, TaskStep, WaitForStep
from tests.builders import MONDAY, NEW_YORK, OFFICE, a_sequence, an_email, days

VIP = Comparison(by="eq", left=Fact(of="contact", path="vip"), right=Constant(value=True))
MAILS = a_sequence(
    an_email("intro", day=1),
    an_email("case-study", day=3),
    an_email("video", day=6),
    exit_on=(ExitRule(name="replied", on=Matcher(kind="reply")),),
    window=OFFICE,
)


def run(sequence: Sequence, *lines: str, start: datetime = MONDAY, **contact: bool) -> Simulation:
    script = parse_script(lines, sequence)
    assert isinstance(script, tuple), script
    return simulate(sequence, Scenario(start, NEW_YORK, {**contact}, script))


def test_mails_go_at_their_local_times_until_the_end() -> None:
    simulation = run(MAILS)

    assert [(mail.step, mail.local) for mail in simulation.sends] == [
        ("intro", "2026-03-02T10:00"),
        ("case-study", "2026-03-04T10:00"),
        ("video", "2026-03-09T09:00"),
    ]
    end = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
    assert simulation.ending == Ending(name="completed", at=end)
    assert (simulation.sequence, simulation.zone) == ("welcome", "America/New_York")


def test_the_timeline_says_what_when_and_why() -> None:
    timeline = run(MAILS).timeline

    assert [entry.what for entry in timeline] == [
        What.ENROLLED,
        What.SENT,
        What.SENT,
        What.SENT,
        What.ENDED,
    ]
    assert timeline[3].why == (
        "day 6 of the sequence; "
        "outside the send window (mon-fri 09:00-17:00), so at its next opening"
    )


def test_a_scripted_reply_ends_it_at_its_minute() -> None:
    simulation = run(MAILS, "reply@2026-03-04T09:59")

    assert [mail.step for mail in simulation.sends] == ["intro"]
    end = datetime(2026, 3, 4, 14, 59, tzinfo=UTC)
    assert simulation.ending == Ending(name="replied", at=end)


def test_what_happens_comes_before_what_is_due_in_the_same_minute() -> None:
    assert len(run(MAILS, "reply@day 3 10:00").sends) == 1
    assert len(run(MAILS, "reply@day 3 10:01").sends) == 2


def test_a_click_at_any_moment_hands_over() -> None:
    sequence = a_sequence(
        an_email("intro", day=1, next="case-study"),
        an_email("case-study", day=3, next=None),
        HandOffStep(id="over", to="priority"),
        reactions=(Reaction(on=Matcher(kind="click", step="intro"), first="over"),),
    )

    simulation = run(sequence, "click:intro@day 2 12:00", "reply@day 4 12:00")

    assert simulation.ending is not None
    assert simulation.ending.name == "handed_off"
    assert simulation.unused == ("reply@day 4 12:00",)


def test_a_task_is_done_if_the_script_says_so_else_it_times_out() -> None:
    task = TaskStep(id="call", task="call", within=days(2), otherwise="intro")
    sequence = a_sequence(task, an_email("intro"))

    done = run(sequence, "task_done:call@+1h")
    late = run(sequence)

    assert done.sends[0].local == "2026-03-02T11:00"
    assert late.sends[0].local == "2026-03-04T10:00"


def test_nobody_outside_the_audience_is_enrolled() -> None:
    sequence = MAILS.model_copy(update={"audience": VIP})

    assert run(sequence).refused == "the contact does not match the audience"
    assert run(sequence, vip=True).refused is None


def test_a_condition_to_exit_that_is_true_already_refuses() -> None:
    sequence = MAILS.model_copy(update={"exit_on": (ExitRule(name="won", when=VIP),)})

    assert run(sequence, vip=True).refused == "the condition of won is true already"


def test_a_pause_without_a_resume_is_told_as_waiting() -> None:
    simulation = run(MAILS, "pause@+1h")

    assert simulation.ending is None
    assert simulation.waiting is not None
    assert "paused by the script" in simulation.waiting


def test_events_before_the_enrollment_are_not_used() -> None:
    simulation = run(MAILS, "reply@2026-03-01T10:00")

    assert simulation.unused == ("reply@2026-03-01T10:00",)
    assert len(simulation.sends) == 3


def test_a_wait_for_an_event_goes_on_when_it_comes() -> None:
    waiting = WaitForStep(id="wait", paths=(), within=days(5), otherwise="intro", next="intro")
    sequence = a_sequence(waiting, an_email("intro"))

    assert run(sequence).sends[0].local == "2026-03-07T10:00"


WORDS = ["reply", "click:intro", "unsubscribe", "out_of_office", "pause", "resume"]
LINES = st.lists(
    st.builds(
        "{}@+{}h".format,
        st.sampled_from(
            ["reply", "click:intro", "unsubscribe", "out_of_office", "pause", "resume"]
        ),
        st.integers(0, 400),
    ),
    max_size=8,
)


@given(LINES)
def test_time_never_goes_backwards_and_nothing_is_sent_after_the_ending(lines: list[str]) -> None:
    simulation = run(MAILS, *lines)

    moments = [mail.at for mail in simulation.sends]
    assert moments == sorted(moments)
    ends = simulation.ending.at if simulation.ending else datetime.max.replace(tzinfo=UTC)
    assert all(moment <= ends for moment in moments)


@given(LINES)
def test_a_simulation_repeated_is_the_same(lines: list[str]) -> None:
    assert run(MAILS, *lines) == run(MAILS, *lines)


def test_a_script_is_text_that_can_be_shown_again() -> None:
    (one,) = [one for one in parse_script(["reply@+1h"], MAILS) if isinstance(one, Scripted)]

    assert one.text == "reply@+1h"

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from authoring.simulation.crowds import Crowd, Summary, simulate_crowd
from authoring.simulation.plots import plot
from authoring.simulation.rates import Rates, RatesByStep, read_rates
from authoring.simulation.recipients import Lots
from authoring.text.faults import Faults
from schemas.matchers import Matcher
from schemas.policies import ExitRule
from schemas.steps import TaskStep, WaitForStep
from tests.builders import OFFICE, a_sequence, an_email, days

SEQUENCE = a_sequence(
    an_email("intro", day=1),
    an_email("case-study", day=3),
    TaskStep(id="call", task="call", blocking=False),
    an_email("video", day=8),
    exit_on=(
        ExitRule(name="replied", on=Matcher(kind="reply")),
        ExitRule(name="booked", on=Matcher(kind="event", name="meeting_booked")),
    ),
    listens_to=("reply", "event:meeting_booked"),
    window=OFFICE,
)
SOME = Rates(open=0.4, click=0.1, reply=0.1, bounce=0.02, unsubscribe=0.02, out_of_office=0.05)
START = datetime(2026, 3, 2, 10, 0)  # noqa: DTZ001  # a local time, of whatever zone is drawn


def crowd(rates: Rates = SOME, many: int = 200, seed: int = 7, **fields: object) -> Summary:
    terms = {"zones": ("America/New_York", "Europe/Berlin"), "over_days": 5, **fields}
    asked = Crowd(many, START, rates=RatesByStep(default=rates), seed=seed, **terms)  # type: ignore[arg-type]  # what a test gives fits
    return simulate_crowd(SEQUENCE, asked)


def test_a_seed_tells_the_same_story_on_every_machine() -> None:
    told = crowd()

    assert told == crowd()
    assert told.endings == {"completed": 154, "replied": 28, "bounced": 9, "unsubscribed": 9}
    assert Lots("7|random-00001").draw("zone") == 3_997_380_594


def test_another_seed_tells_another_story() -> None:
    assert crowd(seed=8).endings != crowd(seed=7).endings


def test_everybody_ends_or_is_counted_as_waiting() -> None:
    summary = crowd()

    assert sum(summary.endings.values()) + summary.waiting + summary.refused == summary.contacts
    assert sum(summary.mails_per_day.values()) == summary.mails
    assert sum(summary.sends_per_step.values()) == summary.mails


def test_nobody_does_anything_without_rates() -> None:
    summary = crowd(Rates())

    assert summary.endings == {"completed": 200}
    assert summary.sends_per_step == {"intro": 200, "case-study": 200, "video": 200}


@pytest.mark.parametrize(
    ("rates", "ending"),
    [
        (Rates(reply=1), "replied"),
        (Rates(bounce=1, reply=1), "bounced"),
        (Rates(unsubscribe=1), "unsubscribed"),
        (Rates(complaint=1), "complained"),
        (Rates(events={"meeting_booked": 1}), "booked"),
    ],
)
def test_a_rate_of_one_is_everybody(rates: Rates, ending: str) -> None:
    assert crowd(rates, many=20).endings == {ending: 20}


def test_rates_are_met_nearly() -> None:
    # After the last mail nobody is left to answer: two mails, each answered by one of ten.
    replied = crowd(Rates(reply=0.1), many=1_000).endings["replied"]

    assert 150 <= replied <= 210


def test_whoever_is_away_stays_longer() -> None:
    away, here = crowd(Rates(out_of_office=1)), crowd(Rates())

    assert away.longest_stay is not None
    assert here.longest_stay is not None
    assert away.longest_stay.minutes > here.longest_stay.minutes


def test_tasks_are_done_at_their_rate() -> None:
    blocking = a_sequence(TaskStep(id="call", task="call"), an_email("after"))

    asked = Crowd(20, START, ("UTC",), rates=RatesByStep(default=Rates(task=1)))
    done = simulate_crowd(blocking, asked)
    undone = simulate_crowd(blocking, Crowd(20, START, ("UTC",)))

    assert done.endings == {"completed": 20}
    assert undone.waiting == 20


def test_opens_and_clicks_are_heard_by_waits() -> None:
    click, opened = Matcher(kind="click", step="intro"), Matcher(kind="open", step="intro")
    waits = WaitForStep.model_validate(
        {
            "id": "wait-for-1",
            "paths": [{"on": click}, {"on": opened}],
            "within": days(5),
            "otherwise": "late",
        }
    )
    sequence = a_sequence(an_email("intro"), waits, listens_to=("click", "open"))
    late = an_email("late")
    sequence = sequence.model_copy(update={"steps": (*sequence.steps, late)})

    def mails(rates: Rates) -> int:
        asked = Crowd(10, START, ("UTC",), rates=RatesByStep(default=rates))
        return simulate_crowd(sequence, asked).sends_per_step["late"]

    assert (mails(Rates(click=1)), mails(Rates(open=1)), mails(Rates())) == (0, 0, 10)


def test_contacts_begin_on_all_the_days_asked_for() -> None:
    begun = crowd(Rates(bounce=1), over_days=5).mails_per_day

    assert sorted(begun) == [f"2026-03-0{day}" for day in range(2, 7)]


def test_lots_do_not_depend_on_the_order_in_which_they_are_drawn() -> None:
    first, second = Lots("a"), Lots("a")

    assert [first.draw("x"), first.draw("y")] == [second.draw("y"), second.draw("x")][::-1]
    assert first.draw("x") != Lots("b").draw("x")
    assert all(1 <= first.minutes(100, number) <= 100 for number in range(500))


def test_a_picture_is_svg_that_names_each_day_and_ending() -> None:
    drawn = plot(crowd())

    words = {one.text for one in ET.fromstring(drawn).iter() if one.text}  # noqa: S314 our own
    assert "mails per day" in words
    assert {"replied", "2026-03-02"} <= words
    assert drawn == plot(crowd())


def test_a_picture_of_nothing_is_a_picture() -> None:
    empty = crowd(many=0)

    assert ET.fromstring(plot(empty)).tag.endswith("svg")  # noqa: S314 our own


RATES = """\
default: {open: 0.4, reply: 0.05}
steps:
  intro: {open: 0.5, bounce: 0.01}
  call: {task: 0.8}
events: {meeting_booked: 0.02}
"""


def read(tmp_path: Path) -> Callable[[str], RatesByStep | Faults]:
    def from_text(text: str) -> RatesByStep | Faults:
        (tmp_path / "rates.yaml").write_text(text)
        return read_rates(tmp_path / "rates.yaml", SEQUENCE, Rates(click=0.2))

    return from_text


def test_rates_come_by_step_from_a_file(tmp_path: Path) -> None:
    rates = read(tmp_path)(RATES)

    assert isinstance(rates, RatesByStep)
    events = {"meeting_booked": 0.02}
    assert rates.of("intro") == Rates(open=0.5, click=0.2, reply=0.05, bounce=0.01, events=events)
    assert rates.of("video") == Rates(open=0.4, click=0.2, reply=0.05, events=events)
    assert rates.of("call").task == 0.8


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("defalt: {}", "1:1: `defalt` is not a key that is known here; did you mean `default`?"),
        ("default: {opne: 1}", "1:11: `opne` is not a key that is known here"),
        ("default: {open: 2}", "1:17: a rate is a number from 0 to 1"),
        ("default: {open: much}", "1:17: a rate is a number from 0 to 1"),
        ("default: 5", "1:10: rates must be a mapping of keys"),
        ("steps: {intr: {open: 1}}", "1:9: `intr` is no step of this sequence"),
        ("events: {meeting_boked: 1}", "1:10: `meeting_boked` is not a key that is known here"),
        ("[]", "1:1: the file of rates must be a mapping of keys"),
    ],
)
def test_what_is_wrong_with_rates_has_its_place(tmp_path: Path, text: str, fault: str) -> None:
    faults = read(tmp_path)(text)

    assert isinstance(faults, Faults)
    assert fault in str(faults)

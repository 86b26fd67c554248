from datetime import date, timedelta

import pytest

from schemas.calendar import Window
from schemas.decisions import Wait
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from tests.builders import MONDAY, a_progress, a_sequence, an_email, days
from tests.unit.decisions.living import at, live, paused, resumed, told, written
from workflows.deciding.decisions import decide

SOME = """
send_window:
  days: mon-fri
  from: "09:00"
  to: "17:00"
  timezone: America/New_York
  holidays: ["2026-03-02", "2026-03-06", "2026-03-09"]
"""
YEAR = tuple(date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(3 * 366))
CLOSED = Window(days=tuple(range(7)), ranges=((540, 1020),), holidays=YEAR)


def closed(*steps: EmailStep, **fields: object) -> Sequence:
    return a_sequence(*steps, window=CLOSED, **fields)


def test_on_a_holiday_the_window_is_closed_all_day() -> None:
    sequence = written(SOME, "steps: [{email: one, day: 1}, {email: two, day: 3}]")

    assert told(live(sequence))[:-1] == ["one 03-03 09:00", "two 03-05 09:00"]


def test_holidays_and_weekends_in_a_row_are_all_left_out() -> None:
    sequence = written(SOME, "steps: [email: one]")

    assert told(live(sequence, start="03-05 17:00"))[0] == "one 03-10 09:00"


def test_a_transactional_mail_knows_no_holidays() -> None:
    sequence = written(SOME, "steps: [{email: one, kind: transactional}]")

    assert told(live(sequence))[0] == "one 03-02 10:00"


def test_the_gap_into_a_holiday_goes_on_to_the_next_opening() -> None:
    sequence = written(SOME, "steps: [email: one, email: two]")

    assert told(live(sequence, start="03-05 10:00"))[1] == "two 03-10 09:00"


def test_day_one_with_a_time_of_its_own_skips_the_holiday() -> None:
    sequence = written(SOME, 'steps: [{email: one, day: 1, at_time: "09:30"}]')

    assert told(live(sequence, start="03-05 12:00"))[0] == "one 03-10 09:30"


@pytest.mark.parametrize(
    "step",
    [
        an_email("one"),
        an_email("one", day=1),
        an_email("one", day=4, at_time=570),
        an_email("one", day=2, valid_for=None),
    ],
)
def test_a_window_that_never_opens_keeps_the_mail_waiting_and_says_why(step: EmailStep) -> None:
    sequence = closed(step)

    decision = decide(sequence, a_progress(sequence), MONDAY + timedelta(days=10))

    assert isinstance(decision, Wait)
    assert decision.until is None
    assert "the send window does not open" in decision.why


@pytest.mark.parametrize("roll", ["later", "earlier"])
@pytest.mark.parametrize("if_past", ["skip", "send_now"])
@pytest.mark.parametrize("x", ["2026-03-02", "2026-03-20", "2026-03-20T12:00Z"])
def test_so_it_is_with_a_date(roll: str, if_past: str, x: str) -> None:
    step = written(f"steps: [{{email: one, at: data.x, roll: {roll}, if_past: {if_past}}}]").steps
    sequence = closed(*[one for one in step if isinstance(one, EmailStep)])

    lived = live(sequence, paused("03-03 10:00"), resumed("03-25 10:00"), values={"x": x})

    assert told(lived) == ["= live"]


def test_a_past_date_is_skipped_whether_or_not_the_window_opens() -> None:
    step = written("steps: [{email: one, at: data.x}]").emails[0]

    assert told(live(closed(step), values={"x": "2026-02-20"})) == ["= completed 03-02 10:00"]


def test_a_mail_without_a_moment_of_its_own_runs_out_of_time_there() -> None:
    sequence = closed(an_email("one", valid_for=days(2)))

    assert told(live(sequence)) == ["= completed 03-04 10:00"]


def test_transactional_mails_go_where_the_window_never_opens() -> None:
    sequence = closed(an_email("one", transactional=True))

    assert told(live(sequence))[0] == "one 03-02 10:00"


def test_a_window_that_opens_after_a_year_of_holidays_opens_then() -> None:
    year = tuple(date(2026, 3, 1) + timedelta(days=ahead) for ahead in range(390))
    window = Window(days=CLOSED.days, ranges=CLOSED.ranges, holidays=year)
    sequence = a_sequence(an_email("one"), window=window)

    decision = decide(sequence, a_progress(sequence), at("03-02 10:00"))

    assert isinstance(decision, Wait)
    assert decision.until is not None
    assert decision.until.date() == date(2027, 3, 26)

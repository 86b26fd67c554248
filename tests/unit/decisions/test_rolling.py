import pytest

from schemas.progress import What
from tests.unit.decisions.living import (
    OFFICE,
    changed,
    live,
    noted,
    paused,
    resumed,
    told,
    written,
)

HALVES = """
send_window:
  days: mon-fri
  ranges: [{from: "09:00", to: "12:00"}, {from: "13:00", to: "17:00"}]
  timezone: America/New_York
"""
HOLIDAY = OFFICE.replace("timezone", "holidays: ['2026-03-09', '2026-03-10'], timezone")
EARLIER = "steps: [{email: one, at: data.x, roll: earlier}]"
LATER = "steps: [{email: one, at: data.x}]"


@pytest.mark.parametrize(
    ("window", "x", "later", "earlier"),
    [
        (OFFICE, "2026-03-12T10:20", "03-12 10:20", "03-12 10:20"),
        (OFFICE, "2026-03-12", "03-12 09:00", "03-12 09:00"),
        (OFFICE, "2026-03-12T08:59", "03-12 09:00", "03-12 09:00"),
        (OFFICE, "2026-03-12T00:00", "03-12 09:00", "03-12 09:00"),
        (OFFICE, "2026-03-12T16:59", "03-12 16:59", "03-12 16:59"),
        (OFFICE, "2026-03-12T17:00", "03-13 09:00", "03-12 09:00"),
        (OFFICE, "2026-03-13T17:00", "03-16 09:00", "03-13 09:00"),
        (OFFICE, "2026-03-14", "03-16 09:00", "03-13 09:00"),
        (OFFICE, "2026-03-15T23:59", "03-16 09:00", "03-13 09:00"),
        (OFFICE, "2026-03-16T07:00", "03-16 09:00", "03-16 09:00"),
        (HOLIDAY, "2026-03-09", "03-11 09:00", "03-06 09:00"),
        (HOLIDAY, "2026-03-10T12:00", "03-11 09:00", "03-06 09:00"),
        (HOLIDAY, "2026-03-07", "03-11 09:00", "03-06 09:00"),
        (HOLIDAY, "2026-03-11T08:00", "03-11 09:00", "03-11 09:00"),
    ],
)
def test_a_moment_outside_the_window_rolls_later_or_earlier(
    window: str, x: str, later: str, earlier: str
) -> None:
    values = {"x": x}

    assert told(live(written(window, LATER), values=values))[0] == f"one {later}"
    assert told(live(written(window, EARLIER), values=values))[0] == f"one {earlier}"


def test_it_rolls_to_the_last_opening_before_it_however_many_there_are_a_day() -> None:
    sequence = written(HALVES, EARLIER)

    gone = {
        x: told(live(sequence, values={"x": f"2026-03-{x}"}))[0].removeprefix("one 03-")
        for x in ("12T08:00", "12T12:30", "12T17:30", "14T10:00", "12T13:00", "12T12:00")
    }

    assert gone == {
        "12T08:00": "12 09:00",
        "12T12:30": "12 09:00",
        "12T17:30": "12 13:00",
        "14T10:00": "13 13:00",
        "12T13:00": "12 13:00",
        "12T12:00": "12 09:00",
    }


@pytest.mark.parametrize(
    ("start", "went"),
    [
        ("03-06 08:00", "03-06 09:00"),
        ("03-06 09:00", "03-06 09:00"),
        ("03-06 09:01", "03-06 09:01"),
        ("03-06 16:59", "03-06 16:59"),
        ("03-06 17:00", "03-09 09:00"),
        ("03-07 08:00", "03-09 09:00"),
    ],
)
def test_if_the_earlier_opening_lies_before_the_step_is_reached_it_goes_at_the_first_open_moment(
    start: str, went: str
) -> None:
    lived = live(written(OFFICE, EARLIER), start=start, values={"x": "2026-03-07"})

    assert told(lived)[0] == f"one {went}"


def test_a_date_that_becomes_known_after_the_earlier_opening_goes_at_the_first_open_moment() -> (
    None
):
    sequence = written(OFFICE, EARLIER)
    values = {"x": "2026-03-20"}

    in_time = live(sequence, changed("03-06 12:00", x="2026-03-07"), values=values)
    too_late = live(sequence, changed("03-06 18:00", x="2026-03-07"), values=values)

    assert told(in_time)[0] == "one 03-06 12:00"
    assert told(too_late)[0] == "one 03-09 09:00"


def test_past_is_judged_before_rolling_either_way() -> None:
    earlier = live(written(OFFICE, EARLIER), start="03-07 10:00", values={"x": "2026-03-07"})
    later = live(written(OFFICE, LATER), start="03-08 10:00", values={"x": "2026-03-07"})

    assert told(earlier)[0] == "one 03-09 09:00"
    assert told(later)[:-1] == []


def test_rolling_one_step_never_changes_when_those_after_it_are_due() -> None:
    sequence = written(
        OFFICE,
        """
        steps:
          - {email: one, at: data.x}
          - {email: two, at: data.x + 4 days}
          - {email: three, day: 10}
        """,
    )

    lived = live(sequence, values={"x": "2026-03-07"})

    assert told(lived)[:-1] == ["one 03-09 09:00", "two 03-11 09:00", "three 03-12 09:00"]


def test_a_transactional_mail_rolls_only_where_it_asks_for_the_window() -> None:
    bill = "steps: [{email: one, at: data.x, kind: transactional, roll: earlier}]"
    windowed = bill.replace("roll:", "window: true, roll:")
    values = {"x": "2026-03-07T20:00"}

    assert told(live(written(OFFICE, bill), values=values))[0] == "one 03-07 20:00"
    assert told(live(written(OFFICE, windowed), values=values))[0] == "one 03-06 09:00"


def test_a_mail_rolled_earlier_during_a_pause_goes_when_that_is_over() -> None:
    sequence = written(OFFICE, EARLIER)
    values = {"x": "2026-03-07"}

    open_still = live(sequence, paused("03-05 10:00"), resumed("03-06 15:00"), values=values)
    closed = live(sequence, paused("03-05 10:00"), resumed("03-06 18:00"), values=values)

    assert told(open_still)[0] == "one 03-06 15:00"
    assert told(closed)[0] == "one 03-09 09:00"


def test_the_gap_moves_a_mail_that_rolled_earlier_later_again() -> None:
    sequence = written(
        OFFICE, "steps: [{email: first, day: 1}, {email: one, at: data.x, roll: earlier}]"
    )

    lived = live(sequence, start="03-05 16:00", values={"x": "2026-03-08"})

    assert told(lived)[:-1] == ["first 03-05 16:00", "one 03-06 16:00"]


def test_two_mails_rolled_to_one_opening_keep_the_gap() -> None:
    sequence = written(
        OFFICE,
        "roll: earlier",
        "steps: [{email: one, at: data.x}, {email: two, at: data.x + 1 day}]",
    )

    lived = live(sequence, values={"x": "2026-03-07"})

    assert told(lived)[:-1] == ["one 03-06 09:00", "two 03-09 09:00"]


def test_a_skip_by_a_release_of_nothing_is_not_noted() -> None:
    lived = live(written(OFFICE, EARLIER), values={"x": "2026-03-07"})

    assert noted(lived, What.HELD, What.RESUMED, What.SKIPPED) == []

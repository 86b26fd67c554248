"""Waiting until a date's moment, or until a weekday."""

from tests.unit.decisions.living import OFFICE, changed, live, told, written

VISIT = """
steps:
  - email: booked
  - {wait_until: data.visit - 3 days, at_time: "09:00"}
  - {task: prepare, within: 1 day, blocking: false}
  - email: soon
"""


def test_what_follows_comes_so_long_before_the_date() -> None:
    progress = live(written(VISIT), values={"visit": "2026-03-12"})

    assert told(progress) == ["booked 03-02 10:00", "soon 03-09 09:00", "= completed 03-09 09:00"]


def test_a_date_that_is_past_already_is_not_waited_for() -> None:
    progress = live(written(VISIT, "min_gap: 0 minutes"), values={"visit": "2026-03-01"})

    assert told(progress) == ["booked 03-02 10:00", "soon 03-02 10:00", "= completed 03-02 10:00"]


def test_a_date_that_moves_moves_the_wait() -> None:
    moved = changed("03-05 12:00", visit="2026-03-20")

    progress = live(written(VISIT), moved, values={"visit": "2026-03-12"})

    assert told(progress)[1] == "soon 03-17 09:00"


def test_a_date_that_moves_into_the_past_ends_the_wait_when_that_is_known() -> None:
    moved = changed("03-05 12:00", visit="2026-03-04")

    progress = live(written(VISIT), moved, values={"visit": "2026-03-12"})

    assert told(progress)[1] == "soon 03-05 12:00"


def test_without_a_date_it_waits_for_one() -> None:
    given = changed("03-05 12:00", visit="2026-03-20")

    assert told(live(written(VISIT))) == ["booked 03-02 10:00", "= live"]
    assert told(live(written(VISIT), given))[1] == "soon 03-17 09:00"


def test_the_next_weekday_may_be_the_same_day() -> None:
    monday = written('steps: [{wait_until: [mon, thu], at_time: "11:00"}, {email: hello}]')

    assert told(live(monday))[0] == "hello 03-02 11:00"
    assert told(live(monday, start="03-02 11:01"))[0] == "hello 03-05 11:00"


def test_a_weekday_without_a_time_begins_when_the_window_opens() -> None:
    thursday = written(OFFICE, "steps: [{wait_until: thu}, {email: hello}]")

    assert told(live(thursday))[0] == "hello 03-05 09:00"

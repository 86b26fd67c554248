import pytest

from tests.unit.decisions.living import OFFICE, live, told, written

THREE = written(
    OFFICE,
    """
    steps:
      - {email: one, day: 1}
      - {email: two, day: 2}
      - {email: nine, day: 9}
    """,
)


@pytest.mark.parametrize(
    ("start", "went"),
    [
        ("03-02 08:59", ["one 03-02 09:00", "two 03-03 09:00", "nine 03-10 09:00"]),
        ("03-02 09:00", ["one 03-02 09:00", "two 03-03 09:00", "nine 03-10 09:00"]),
        ("03-02 16:59", ["one 03-02 16:59", "two 03-03 16:59", "nine 03-10 16:59"]),
        ("03-02 17:00", ["one 03-03 09:00", "two 03-04 09:00", "nine 03-11 09:00"]),
        ("03-06 16:59", ["one 03-06 16:59", "two 03-09 09:00", "nine 03-16 09:00"]),
        ("03-07 11:11", ["one 03-09 09:00", "two 03-10 09:00", "nine 03-17 09:00"]),
    ],
)
def test_day_one_is_the_enrollments_moment_or_the_next_opening(start: str, went: list[str]) -> None:
    assert told(live(THREE, start=start))[:-1] == went


def test_a_rolled_day_does_not_move_the_days_after_it() -> None:
    sequence = written(
        OFFICE, "steps: [{email: one, day: 1}, {email: six, day: 6}, {email: nine, day: 9}]"
    )

    assert told(live(sequence)) == [
        "one 03-02 10:00",
        "six 03-09 09:00",
        "nine 03-10 10:00",
        "= completed 03-10 10:00",
    ]


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("03-02 09:29", "one 03-02 09:30"),
        ("03-02 09:30", "one 03-02 09:30"),
        ("03-02 09:31", "one 03-03 09:30"),
        ("03-06 09:31", "one 03-09 09:30"),
        ("03-06 18:00", "one 03-09 09:30"),
    ],
)
def test_day_one_is_the_next_open_date_once_its_own_time_has_passed(start: str, first: str) -> None:
    sequence = written(OFFICE, 'steps: [{email: one, day: 1, at_time: "09:30"}]')

    assert told(live(sequence, start=start))[0] == first


def test_a_date_without_a_time_and_without_a_window_means_nine() -> None:
    sequence = written(
        """
        min_gap: 0 days
        steps: [{email: one, day: 1, at_time: "09:30"}, {email: two, day: 2}]
        """
    )

    assert told(live(sequence))[:-1] == ["one 03-03 09:30", "two 03-04 09:00"]


def test_a_time_before_the_window_rolls_to_the_opening_of_its_date() -> None:
    sequence = written(OFFICE, 'steps: [{email: one, day: 1, at_time: "08:00"}]')

    assert told(live(sequence, start="03-02 07:59"))[0] == "one 03-02 09:00"
    assert told(live(sequence, start="03-02 08:01"))[0] == "one 03-03 09:00"


def test_a_wait_that_stands_first_counts_from_day_ones_moment() -> None:
    sequence = written(OFFICE, "steps: [wait: 2 days, email: one, wait: 2 days, email: two]")

    assert told(live(sequence, start="02-28 15:00"))[:-1] == ["one 03-04 09:00", "two 03-06 09:00"]


def test_a_mail_without_a_day_is_due_when_it_is_reached() -> None:
    sequence = written(OFFICE, "steps: [email: one, wait: 26 hours, email: two]")

    assert told(live(sequence, start="03-02 16:30"))[:-1] == ["one 03-02 16:30", "two 03-04 09:00"]


def test_an_overdue_day_goes_when_the_step_before_it_is_done() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 1}, wait: 4 days, {email: two, day: 3}]")

    assert told(live(sequence))[1] == "two 03-06 10:00"


def test_nothing_goes_at_noon_between_two_ranges() -> None:
    sequence = written(
        """
        send_window:
          ranges: [{from: "09:00", to: "12:00"}, {from: "13:00", to: "17:00"}]
          timezone: America/New_York
        steps: [{email: one, day: 1}]
        """
    )

    assert told(live(sequence, start="03-02 11:59"))[0] == "one 03-02 11:59"
    assert told(live(sequence, start="03-02 12:00"))[0] == "one 03-02 13:00"


def test_a_weekend_window_opens_at_midnight() -> None:
    sequence = written(
        "send_window: {days: sat-sun, timezone: America/New_York}\nsteps: [{email: one, day: 1}]"
    )

    assert told(live(sequence))[0] == "one 03-07 00:00"
    assert told(live(sequence, start="03-08 23:59"))[0] == "one 03-08 23:59"


def test_a_day_in_the_gap_of_the_clock_change_is_moved_and_the_day_after_it_is_not() -> None:
    sequence = written(
        "min_gap: 0 days\nsteps: [{email: a, day: 1}, {email: b, day: 2}, {email: c, day: 3}]"
    )

    assert told(live(sequence, start="03-07 02:30"))[:-1] == [
        "a 03-07 02:30",
        "b 03-08 03:00",
        "c 03-09 02:30",
    ]


def test_a_day_whose_time_exists_twice_goes_at_the_first() -> None:
    sequence = written("min_gap: 0 days\nsteps: [{email: a, day: 1}, {email: b, day: 2}]")

    second = live(sequence, start="10-31 01:30").mails[1]

    assert second.at.isoformat() == "2026-11-01T05:30:00+00:00"


@pytest.mark.parametrize(("gap", "second"), [("1 day", "10:00"), ("24 hours", "11:00")])
def test_a_day_is_a_calendar_day_and_hours_elapse(gap: str, second: str) -> None:
    sequence = written(f"min_gap: {gap}\nsteps: [email: one, email: two]")

    assert told(live(sequence, start="03-07 10:00"))[1] == f"two 03-08 {second}"

import pytest

from schemas.calendar import Duration, Unit, Window
from schemas.progress import What
from schemas.steps import WaitStep
from tests.builders import NEW_YORK, OFFICE, a_sequence, days
from tests.unit.decisions.living import (
    at,
    away,
    happened,
    live,
    noted,
    paused,
    resumed,
    shown,
    told,
    written,
)
from workflows.moments.business import is_business_day, lasting

HOLIDAYS = "send_window: {timezone: America/New_York, holidays: ['2026-03-09', '2026-03-10']}"
GULF = "weekend: [fri, sat]"


def waiting(count: int, *more: str) -> str:
    return "\n".join((*more, f"steps: [wait: {count} business days, exit: over]"))


@pytest.mark.parametrize(
    ("start", "count", "over"),
    [
        ("03-02 10:00", 1, "03-03 10:00"),
        ("03-02 10:00", 3, "03-05 10:00"),
        ("03-05 10:00", 1, "03-06 10:00"),
        ("03-06 10:00", 1, "03-09 10:00"),
        ("03-06 23:59", 1, "03-09 23:59"),
        ("03-07 10:00", 1, "03-09 10:00"),
        ("03-08 23:59", 1, "03-09 23:59"),
        ("03-06 10:00", 5, "03-13 10:00"),
        ("03-07 10:00", 5, "03-13 10:00"),
        ("03-02 10:00", 10, "03-16 10:00"),
    ],
)
def test_weekends_and_the_date_of_the_beginning_do_not_count(
    start: str, count: int, over: str
) -> None:
    assert told(live(written(waiting(count)), start=start)) == [f"= over {over}"]


@pytest.mark.parametrize(
    ("start", "count", "over"),
    [
        ("03-06 10:00", 1, "03-11 10:00"),
        ("03-05 10:00", 2, "03-11 10:00"),
        ("03-09 10:00", 1, "03-12 00:00"),
    ],
)
def test_holidays_do_not_count(start: str, count: int, over: str) -> None:
    assert told(live(written(waiting(count, HOLIDAYS)), start=start)) == [f"= over {over}"]


@pytest.mark.parametrize(
    ("start", "over"),
    [
        ("03-05 10:00", "03-08 10:00"),
        ("03-06 10:00", "03-08 10:00"),
        ("03-08 10:00", "03-09 10:00"),
    ],
)
def test_another_weekend_does_not_count_instead(start: str, over: str) -> None:
    assert told(live(written(waiting(1, GULF)), start=start)) == [f"= over {over}"]


@pytest.mark.parametrize(
    ("held", "over"),
    [
        (("03-03 12:00", "03-03 15:00"), "03-05 13:00"),
        (("03-03 12:00", "03-04 12:00"), "03-06 10:00"),
        (("03-03 12:00", "03-05 12:00"), "03-09 10:00"),
        (("03-03 12:00", "03-06 11:00"), "03-09 10:00"),
        (("03-03 12:00", "03-06 13:00"), "03-09 12:00"),
        (("03-06 10:00", "03-06 12:00"), "03-05 10:00"),
    ],
)
def test_time_held_moves_it_on_and_then_to_a_business_day_at_the_same_local_time(
    held: tuple[str, str], over: str
) -> None:
    lived = live(written(waiting(3)), paused(held[0]), resumed(held[1]))

    assert told(lived) == [f"= over {over}"]


def test_an_absence_moves_it_on_too() -> None:
    lived = live(written(waiting(3)), away("03-03 10:00", until="03-06"))

    assert told(lived) == ["= over 03-09 00:00"]


def test_over_a_clock_change_the_local_time_stays() -> None:
    assert told(live(written(waiting(1)), start="03-06 10:00"))[-1] == "= over 03-09 10:00"


def test_within_may_be_in_business_days() -> None:
    sequence = written(
        """
        steps:
          - wait_for: ping
            within: 2 business days
            then: [exit: came]
            else: [exit: silent]
        """
    )

    assert told(live(sequence, happened("ping", "03-10 10:00"), start="03-06 10:00")) == [
        "= came 03-10 10:00"
    ]
    assert told(live(sequence, happened("ping", "03-10 10:01"), start="03-06 10:00")) == [
        "= silent 03-10 10:00"
    ]


def test_a_task_may_be_due_in_business_days() -> None:
    sequence = written("steps: [{task: call, within: 1 business day}]")

    lived = live(sequence, start="03-06 10:00")

    assert noted(lived, What.TASK_TIMED_OUT) == ["call 03-09 10:00"]


def test_the_next_step_is_reached_at_the_end_of_the_wait_also_outside_the_window() -> None:
    sequence = written(
        "send_window: {days: mon-thu, timezone: America/New_York}",
        "steps: [wait: 1 business day, email: one]",
    )

    assert told(live(sequence, start="03-05 10:00"))[0] == "one 03-09 00:00"


def test_no_business_days_are_no_time_on_any_day() -> None:
    none = Duration(count=0, unit=Unit.BUSINESS_DAYS)
    sequence = a_sequence(WaitStep(id="w", wait=none))

    assert told(live(sequence, start="03-07 10:00")) == ["= completed 03-07 10:00"]


def test_where_no_day_is_a_business_day_days_are_counted_and_nothing_loops() -> None:
    sequence = a_sequence(
        WaitStep(id="w", wait=Duration(count=3, unit=Unit.BUSINESS_DAYS)),
        weekend=(0, 1, 2, 3, 4, 5, 6),
    )

    assert told(live(sequence)) == ["= completed 03-05 10:00"]


def test_a_day_closed_by_the_window_is_a_business_day_unless_it_is_a_holiday() -> None:
    friday = at("03-06 10:00")
    window = Window(days=(0, 1), ranges=OFFICE.ranges, holidays=(at("03-11 10:00").date(),))
    sequence = a_sequence(WaitStep(id="w", wait=days(1)), window=window)

    assert is_business_day(sequence, friday.date())
    assert not is_business_day(sequence, at("03-11 10:00").date())
    two = Duration(count=2, unit=Unit.BUSINESS_DAYS)
    assert shown(lasting(sequence, at("03-10 10:00"), two, NEW_YORK)) == "03-13 10:00"

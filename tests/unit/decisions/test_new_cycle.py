import pytest

from tests.unit.decisions.living import changed, live, moved, paused, told, written

NEAR = "enroll_on: {near: data.end, by: 90 days, backfill: all}"
STEPS = """
steps:
  - {email: one, at: data.end - 90 days}
  - {email: two, at: data.end - 30 days}
"""
BY_SPAN = written(NEAR, STEPS)
BY_DAYS = written("new_cycle: {of: data.end, over: 10 days}", STEPS)
WITHOUT = written(STEPS)
END = {"end": "2026-06-30"}


@pytest.mark.parametrize(
    ("end", "ends"),
    [
        ("2026-08-29", False),
        ("2026-08-30", True),
        ("2027-06-30", True),
        ("2026-01-01", False),
        ("soon", False),
    ],
)
def test_a_date_later_by_more_than_the_steps_lie_apart_is_a_new_cycle(
    end: str, *, ends: bool
) -> None:
    lived = live(BY_SPAN, changed("03-20 12:00", end=end), values=END)

    assert (told(lived)[-1] == "= rescheduled 03-20 12:00") is ends


@pytest.mark.parametrize(("end", "ends"), [("2026-07-10", False), ("2026-07-11", True)])
def test_the_days_of_a_new_cycle_can_be_written(end: str, *, ends: bool) -> None:
    lived = live(BY_DAYS, changed("03-20 12:00", end=end), values=END)

    assert (told(lived)[-1] == "= rescheduled 03-20 12:00") is ends


def test_without_a_trigger_near_the_date_there_is_no_new_cycle() -> None:
    lived = live(WITHOUT, changed("03-20 12:00", end="2027-01-01"), values=END)

    assert told(lived)[-1] == "= completed 12-02 09:00"


def test_small_moves_add_up_since_the_enrollment() -> None:
    first = changed("03-20 12:00", end="2026-07-10")
    second = changed("03-21 12:00", end="2026-07-11")

    assert told(live(BY_DAYS, first, second, values=END)) == ["= rescheduled 03-21 12:00"]


def test_a_move_back_and_forth_is_measured_from_the_first_date() -> None:
    back = changed("03-20 12:00", end="2026-06-10")
    forth = changed("03-21 12:00", end="2026-07-10")

    assert told(live(BY_DAYS, back, forth, values=END))[-1] == "= completed 06-10 09:00"


def test_a_new_cycle_ends_it_whatever_is_pending_also_while_paused() -> None:
    lived = live(
        BY_SPAN, paused("03-10 12:00"), changed("03-20 12:00", end="2027-06-30"), values=END
    )

    assert told(lived) == ["= rescheduled 03-20 12:00"]


def test_after_the_last_mail_too_while_the_enrollment_lasts() -> None:
    sequence = written(
        "new_cycle: {of: data.end, over: 10 days}", STEPS.rstrip() + "\n  - wait: 30 days"
    )

    lived = live(sequence, changed("06-10 12:00", end="2027-06-30"), values=END)

    assert told(lived)[-1] == "= rescheduled 06-10 12:00"


def test_a_date_that_was_missing_at_enrollment_counts_from_its_first_value() -> None:
    first = changed("03-10 12:00", end="2026-06-30")
    within = changed("03-20 12:00", end="2026-07-10")
    beyond = changed("03-21 12:00", end="2026-07-11")

    assert told(live(BY_DAYS, first, within))[-1] == "= completed 06-10 09:00"
    assert told(live(BY_DAYS, first, beyond))[-1] == "= rescheduled 03-21 12:00"


def test_a_date_with_a_time_is_measured_by_its_local_date() -> None:
    values = {"end": "2026-06-30T23:00"}

    same = live(BY_DAYS, changed("03-20 12:00", end="2026-07-11T03:59Z"), values=values)
    next_day = live(BY_DAYS, changed("03-20 12:00", end="2026-07-11T04:00Z"), values=values)

    assert told(same)[-1] == "= completed 06-10 23:59"
    assert told(next_day)[-1] == "= rescheduled 03-20 12:00"


def test_a_date_of_the_contact_begins_new_cycles_too() -> None:
    sequence = written(
        "new_cycle: {of: contact.end, over: 10 days}", "steps: [{email: one, at: contact.end}]"
    )

    lived = live(sequence, moved("03-20 12:00", end="2026-07-11"), contact=END)

    assert told(lived) == ["= rescheduled 03-20 12:00"]


def test_an_exit_of_the_same_moment_comes_before_a_new_cycle() -> None:
    sequence = written(
        "new_cycle: {of: data.end, over: 10 days}",
        'exit_on: [{when: data.status == "renewed", as: renewed}]',
        STEPS,
    )
    renewed = changed("03-20 12:00", end="2027-06-30", status="renewed")

    assert told(live(sequence, renewed, values=END)) == ["= renewed 03-20 12:00"]


@pytest.mark.parametrize("day", range(1, 60, 7))
def test_at_whatever_point_the_new_date_comes_the_old_mails_stop(day: int) -> None:
    when = f"{3 + (day + 1) // 31:02}-{(day + 1) % 31 + 1:02} 12:00"

    lived = live(BY_SPAN, changed(when, end="2027-06-30"), values=END)

    assert told(lived)[-1] == f"= rescheduled {when}"

import pytest

from schemas.events import Event
from schemas.progress import What
from tests.unit.decisions.living import (
    OFFICE,
    away,
    changed,
    live,
    noted,
    paused,
    resumed,
    told,
    written,
)


def skips(*parts: str, start: str = "03-02 10:00", events: tuple[Event, ...] = ()) -> list[str]:
    return noted(live(written(*parts), *events, start=start), What.SKIPPED)


@pytest.mark.parametrize(
    ("resume", "went"), [("03-04 22:00", ["03-04 22:00"]), ("03-04 22:01", [])]
)
def test_a_mail_of_a_day_includes_the_last_minute_of_its_time(resume: str, went: list[str]) -> None:
    sequence = written("steps: [{email: zero}, {email: one, day: 3, valid_for: 12 hours}]")

    lived = live(sequence, paused("03-04 10:00"), resumed(resume))

    assert [one.removeprefix("one ") for one in told(lived)[1:-1]] == went


def test_a_mail_that_is_not_sent_in_time_is_skipped_at_that_moment() -> None:
    sequence = written("steps: [{email: one, valid_for: 2 hours}, exit: over]")

    lived = live(sequence, paused("03-02 10:00"))

    assert noted(lived, What.SKIPPED) == ["one 03-02 12:00"]
    assert told(lived) == ["= over 03-02 12:00"]


def test_for_a_mail_without_a_moment_of_its_own_it_counts_from_when_it_is_reached() -> None:
    short = written(OFFICE, "steps: [{email: one, valid_for: 2 days}, exit: over]")
    long = written(OFFICE, "steps: [{email: one, valid_for: 3 days}, exit: over]")

    assert told(live(short, start="03-06 17:30")) == ["= over 03-08 17:30"]
    assert told(live(long, start="03-06 17:30"))[0] == "one 03-09 09:00"


def test_for_a_mail_of_a_day_it_counts_from_the_opening_to_which_it_rolls() -> None:
    sequence = written(OFFICE, "steps: [{email: zero}, {email: one, day: 6, valid_for: 1 hour}]")

    assert told(live(sequence))[1] == "one 03-09 09:00"


@pytest.mark.parametrize(
    ("roll", "resume", "went"),
    [
        ("earlier", "03-06 11:00", ["one 03-06 11:00"]),
        ("earlier", "03-06 11:01", []),
        ("later", "03-09 11:00", ["one 03-09 11:00"]),
        ("later", "03-09 11:01", []),
    ],
)
def test_for_a_mail_of_a_date_it_counts_from_the_opening_to_which_it_rolls(
    roll: str, resume: str, went: list[str]
) -> None:
    step = f"{{email: one, at: data.x, roll: {roll}, valid_for: 2 hours}}"
    sequence = written(OFFICE, f"steps: [{step}]")

    lived = live(sequence, paused("03-05 10:00"), resumed(resume), values={"x": "2026-03-07"})

    assert told(lived)[:-1] == went


def test_where_the_earlier_opening_has_passed_it_counts_from_the_first_open_moment() -> None:
    step = "{email: one, at: data.x, roll: earlier, valid_for: 2 hours}"
    sequence = written(OFFICE, f"steps: [{step}]")

    lived = live(sequence, start="03-06 17:00", values={"x": "2026-03-07"})

    assert told(lived)[0] == "one 03-09 09:00"


def test_it_is_pushed_with_the_days_by_whole_days_held() -> None:
    sequence = written("steps: [{email: zero}, {email: one, day: 3, valid_for: 1 hour}]")

    in_time = live(sequence, paused("03-02 11:00"), resumed("03-04 11:00"))
    too_late = live(sequence, paused("03-03 12:00"), resumed("03-04 11:01"))

    assert told(in_time)[1] == "one 03-06 10:00"
    assert noted(too_late, What.SKIPPED) == ["one 03-04 11:00"]


def test_a_date_is_not_pushed_so_that_a_hold_may_outlast_it() -> None:
    sequence = written("steps: [{email: one, at: data.x, valid_for: 5 days}, exit: over]")
    values = {"x": "2026-03-10"}

    in_time = live(sequence, paused("03-09 10:00"), resumed("03-15 09:00"), values=values)
    too_late = live(sequence, paused("03-09 10:00"), resumed("03-15 09:01"), values=values)

    assert told(in_time)[0] == "one 03-15 09:00"
    assert told(too_late) == ["= over 03-15 09:00"]


def test_an_absence_may_outlast_it() -> None:
    sequence = written("steps: [{email: one, at: data.x, valid_for: 1 day}, exit: over]")

    lived = live(sequence, away("03-09 12:00", until="03-12"), values={"x": "2026-03-10"})

    assert told(lived) == ["= over 03-11 09:00"]


def test_the_gap_may_outlast_it() -> None:
    sequence = written("steps: [email: zero, {email: one, valid_for: 23 hours}, exit: over]")
    enough = written("steps: [email: zero, {email: one, valid_for: 24 hours}, exit: over]")

    assert told(live(sequence)) == ["zero 03-02 10:00", "= over 03-03 09:00"]
    assert told(live(enough))[1] == "one 03-03 10:00"


def test_a_step_that_is_reached_when_its_time_is_over_is_skipped_then() -> None:
    sequence = written(
        "steps: [wait: 10 days, {email: one, at: data.x, valid_for: 5 days}, exit: over]"
    )

    lived = live(sequence, values={"x": "2026-03-05"})

    assert noted(lived, What.SKIPPED) == ["one 03-12 10:00"]


@pytest.mark.parametrize(
    ("resume", "lived"),
    [("03-03 13:00", "one 03-03 13:00"), ("03-03 13:01", "= over 03-03 13:00")],
)
def test_with_send_now_it_counts_from_when_the_step_is_reached(resume: str, lived: str) -> None:
    step = "{email: one, at: data.x, if_past: send_now, valid_for: 3 hours}"
    sequence = written(f"steps: [wait: 1 day, {step}, exit: over]")
    events = (paused("03-03 10:00"), resumed(resume))

    done = live(sequence, *events, values={"x": "2026-02-01"})

    assert told(done)[0] == lived


def test_after_an_operators_resume_it_counts_from_that() -> None:
    step = "{email: one, at: data.x, if_past: hold, valid_for: 1 day}"
    sequence = written(OFFICE, f"steps: [{step}, exit: over]")
    values = {"x": "2026-02-01"}

    assert told(live(sequence, resumed("03-12 18:00"), values=values))[0] == "one 03-13 09:00"
    assert told(live(sequence, resumed("03-13 18:00"), values=values))[-1] == "= over 03-14 18:00"


def test_a_new_date_gives_it_new_time() -> None:
    sequence = written("steps: [{email: one, at: data.x, valid_for: 1 hour}, exit: over]")
    later = changed("03-10 08:00", x="2026-03-12")

    lived = live(
        sequence, paused("03-09 10:00"), later, resumed("03-12 10:00"), values={"x": "2026-03-10"}
    )

    assert told(lived)[0] == "one 03-12 10:00"


def test_the_days_of_its_time_keep_the_local_time_over_a_clock_change() -> None:
    by_days = "steps: [{email: one, valid_for: 1 day}, exit: over]"
    by_hours = by_days.replace("1 day", "24 hours")
    pause = (paused("03-07 12:00"),)

    assert skips(by_days, start="03-07 12:00", events=pause) == ["one 03-08 12:00"]
    assert skips(by_hours, start="03-07 12:00", events=pause) == ["one 03-08 13:00"]


def test_without_it_mails_wait() -> None:
    sequence = written("steps: [{email: one, day: 1}]")

    lived = live(sequence, paused("03-02 10:00"), resumed("09-01 10:00"))

    assert told(lived)[0] == "one 09-01 10:00"


def test_a_mail_that_no_opening_comes_in_time_for_is_skipped_when_its_time_is_over() -> None:
    window = "send_window: {days: [mon], timezone: America/New_York}"
    sequence = written(window, "steps: [{email: one, valid_for: 2 days}, exit: over]")

    assert told(live(sequence, start="03-03 10:00")) == ["= over 03-05 10:00"]

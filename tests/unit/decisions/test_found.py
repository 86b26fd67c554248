import pytest

from tests.unit.decisions.living import OFFICE, live, told, written


@pytest.mark.parametrize("roll", ["later", "earlier"])
@pytest.mark.parametrize("day", ["2026-03-06", "2026-03-07T12:00"])
def test_a_date_that_is_long_over_is_so_on_a_closed_day_too(roll: str, day: str) -> None:
    step = f"{{email: one, at: data.x, roll: {roll}, valid_for: 2 days}}"
    sequence = written(OFFICE, f"steps: [wait: 60 days, {step}, exit: over]")

    lived = live(sequence, values={"x": day})

    assert told(lived) == ["= over 05-01 10:00"]


def test_a_mail_that_cannot_roll_earlier_any_more_has_the_time_of_one_that_rolls_later() -> None:
    step = "{email: one, at: data.x, roll: earlier, valid_for: 2 hours}"
    sequence = written(OFFICE, f"steps: [wait: 5 days, {step}, exit: over]")

    lived = live(sequence, values={"x": "2026-03-07T12:00"}, start="03-04 10:00")

    assert told(lived) == ["one 03-09 10:00", "= over 03-09 10:00"]

import pytest

from authoring.text.durations import parse_duration, parse_time
from authoring.text.faults import Slip
from schemas.calendar import Duration, Unit


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("3 days", 3, Unit.DAYS),
        ("1 day", 1, Unit.DAYS),
        ("2 hours", 2, Unit.HOURS),
        ("30 minutes", 30, Unit.MINUTES),
        ("1 week", 1, Unit.WEEKS),
        ("0 minutes", 0, Unit.MINUTES),
        ("3660 days", 3660, Unit.DAYS),
    ],
)
def test_a_number_and_a_unit_are_a_duration(text: str, count: int, unit: Unit) -> None:
    assert parse_duration(text) == Duration(count=count, unit=unit)


@pytest.mark.parametrize(
    ("text", "offset", "mend"),
    [
        ("3 d", 2, "did you mean `days`?"),
        ("3 dais", 2, "did you mean `days`?"),
        ("90 m", 3, "did you mean `minutes`?"),
        ("2 months", 2, "months and years differ in length: write days or weeks"),
        ("2 moons", 2, "write minutes, hours, days or weeks"),
        ("3", 0, "write a number and a unit, for example `3 days`"),
        ("days", 0, "write a number and a unit, for example `3 days`"),
        ("1.5 days", 0, "write a number and a unit, for example `3 days`"),
        ("-1 days", 0, "write a number and a unit, for example `3 days`"),
        ("3661 days", 0, "shorten it"),
        ("999999999 weeks", 0, "shorten it"),
    ],
)
def test_anything_else_is_not(text: str, offset: int, mend: str) -> None:
    slip = parse_duration(text)

    assert isinstance(slip, Slip)
    assert slip.offset == offset
    assert mend in slip.mend


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("09:30", 570), ("24:00", 1440)])
def test_a_time_of_day_is_minutes_since_midnight(text: str, minutes: int) -> None:
    assert parse_time(text) == minutes


@pytest.mark.parametrize("text", ["9:30", "24:01", "25:00", "09:60", "0930", "noon", "09:30:00"])
def test_anything_else_is_no_time_of_day(text: str) -> None:
    assert isinstance(parse_time(text), Slip)

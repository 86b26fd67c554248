from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.calendar import Duration, Unit, Window
from tests.builders import OFFICE, UTC_ZONE, a_zone
from workflows.moments.calendar import day_moment, later, local, moment_of, shown
from workflows.moments.windows import is_open, next_date_open, next_open

SPRING = datetime(2026, 3, 1, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)
NEW_YORK = a_zone("America/New_York", SPRING)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "written", "first_that_exists"),
    [
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T03:00"),
        ("Europe/London", "2026-03-29T01:30", "2026-03-29T02:00"),
        ("Asia/Beirut", "2026-03-29T00:30", "2026-03-29T01:00"),
        ("Antarctica/Troll", "2026-03-29T02:30", "2026-03-29T03:00"),
    ],
)
def test_a_local_time_that_does_not_exist_moves_forward(
    zone: str, written: str, first_that_exists: str
) -> None:
    table = a_zone(zone, SPRING)

    at = moment_of(wall(written), table)

    assert local(at, table) == wall(first_that_exists)


@pytest.mark.parametrize(
    ("zone", "written", "utc"),
    [
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30+00:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30+00:00"),
    ],
)
def test_a_local_time_that_exists_twice_is_the_first(zone: str, written: str, utc: str) -> None:
    table = a_zone(zone, AUTUMN)

    assert moment_of(wall(written), table) == datetime.fromisoformat(utc)


@given(minutes=st.integers(0, 400 * 24 * 60))
def test_local_and_back_is_the_same_moment_or_its_first_twin(minutes: int) -> None:
    at = SPRING + timedelta(minutes=minutes)

    back = moment_of(local(at, NEW_YORK), NEW_YORK)

    assert back in {at, at - timedelta(hours=1)}


def test_a_day_keeps_the_local_time_over_the_change_and_a_day_of_hours_does_not() -> None:
    saturday = moment_of(wall("2026-03-07T10:00"), NEW_YORK)

    by_calendar = later(saturday, Duration(count=1, unit=Unit.DAYS), NEW_YORK)
    by_clock = later(saturday, Duration(count=24, unit=Unit.HOURS), NEW_YORK)

    assert local(by_calendar, NEW_YORK) == wall("2026-03-08T10:00")
    assert local(by_clock, NEW_YORK) == wall("2026-03-08T11:00")


@pytest.mark.parametrize(
    ("written", "opens"),
    [
        ("2026-03-02T08:59", "2026-03-02T09:00"),
        ("2026-03-02T09:00", "2026-03-02T09:00"),
        ("2026-03-02T16:59", "2026-03-02T16:59"),
        ("2026-03-02T17:00", "2026-03-03T09:00"),
        ("2026-03-06T17:00", "2026-03-09T09:00"),
        ("2026-03-07T12:00", "2026-03-09T09:00"),
    ],
)
def test_the_window_is_half_open_and_rolls_over_the_weekend(written: str, opens: str) -> None:

    at = next_open(moment_of(wall(written), NEW_YORK), OFFICE, NEW_YORK)

    assert at == moment_of(wall(opens), NEW_YORK)


def test_several_ranges_a_day_open_one_after_the_other() -> None:
    window = Window(days=(0,), ranges=((540, 720), (780, 1020)))
    monday = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)

    assert next_open(monday, window, UTC_ZONE) == monday.replace(hour=13, minute=0)


def test_an_opening_inside_the_gap_of_a_clock_change_is_the_first_moment_after_it() -> None:
    window = Window(days=(6,), ranges=((150, 300),))

    at = next_open(moment_of(wall("2026-03-08T01:00"), NEW_YORK), window, NEW_YORK)

    assert at is not None
    assert local(at, NEW_YORK) == wall("2026-03-08T03:00")


@given(minutes=st.integers(0, 200 * 24 * 60))
def test_the_next_opening_is_open_and_never_earlier(minutes: int) -> None:
    at = SPRING + timedelta(minutes=minutes)

    opens = next_open(at, OFFICE, NEW_YORK)

    assert opens is not None
    assert opens >= at
    assert is_open(opens, OFFICE, NEW_YORK)


def test_a_day_of_the_sequence_is_due_at_day_ones_local_time_or_its_own() -> None:
    first = moment_of(wall("2026-03-06T10:37"), NEW_YORK)

    same = day_moment(first, 4, None, NEW_YORK)
    own = day_moment(first, 4, 9 * 60 + 30, NEW_YORK)

    assert local(same, NEW_YORK) == wall("2026-03-09T10:37")
    assert local(own, NEW_YORK) == wall("2026-03-09T09:30")


def test_moments_are_shown_local_with_the_zones_name() -> None:

    assert shown(SPRING, NEW_YORK) == "Sat 28 Feb 2026 19:00 America/New_York"


def test_no_days_later_is_the_same_moment_in_the_hour_that_exists_twice_too() -> None:
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)

    assert later(second, Duration(count=0, unit=Unit.DAYS), NEW_YORK) == second


@pytest.mark.parametrize(
    ("window", "opens"), [(OFFICE, "2026-03-09T09:00"), (None, "2026-03-07T09:00")]
)
def test_the_next_open_date_begins_at_its_opening_or_at_nine(
    window: Window | None, opens: str
) -> None:
    friday = moment_of(wall("2026-03-06T10:00"), NEW_YORK)

    at = next_date_open(friday, window, NEW_YORK)

    assert at == moment_of(wall(opens), NEW_YORK)

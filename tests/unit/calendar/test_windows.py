from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.calendar import Window
from tests.builders import OFFICE, a_zone
from workflows.moments.calendar import local
from workflows.moments.windows import earlier_open, is_open, is_opening, next_open, opening_on

NAMES = ("America/New_York", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu")
SPRING, AUTUMN = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 8, 20, tzinfo=UTC)
ZONES = {name: a_zone(name, SPRING) for name in NAMES}
MINUTE = timedelta(minutes=1)
WINDOWS = [
    OFFICE,
    Window(days=(0, 1, 2, 3, 4), ranges=((540, 720), (780, 1020))),
    Window(days=(5, 6), ranges=((30, 150), (155, 200))),
    Window(days=tuple(range(7)), ranges=((1, 90), (1380, 1439))),
    Window(days=(0, 3), ranges=((60, 61),), holidays=(date(2026, 3, 9), date(2026, 9, 7))),
]
MOMENTS = st.one_of(
    st.integers(0, 45 * 1440).map(lambda ahead: SPRING + ahead * MINUTE),
    st.integers(0, 75 * 1440).map(lambda ahead: AUTUMN + ahead * MINUTE),
)


def opens(moment: datetime, window: Window, name: str) -> bool:
    """Look at the clock on the wall, with the tz database and minute by minute."""
    wall = moment.astimezone(ZoneInfo(name))
    minute = wall.hour * 60 + wall.minute
    is_day = wall.weekday() in window.days and wall.date() not in window.holidays
    return is_day and any(first <= minute < last for first, last in window.ranges)


@settings(max_examples=60)
@given(moment=MOMENTS, window=st.sampled_from(WINDOWS), name=st.sampled_from(NAMES))
def test_the_next_opening_is_the_first_open_minute(
    moment: datetime, window: Window, name: str
) -> None:
    minute = moment
    while not opens(minute, window, name):
        minute += MINUTE

    assert next_open(moment, window, ZONES[name]) == minute
    assert is_open(moment, window, ZONES[name]) == opens(moment, window, name)


@settings(max_examples=60)
@given(moment=MOMENTS, window=st.sampled_from(WINDOWS), name=st.sampled_from(NAMES))
def test_rolled_earlier_a_moment_is_open_and_the_last_opening_before_it_or_that_of_its_own_date(
    moment: datetime, window: Window, name: str
) -> None:
    zone = ZONES[name]

    rolled = earlier_open(moment, window, zone)

    assert rolled is not None
    assert opens(rolled, window, name)
    if rolled > moment:
        assert local(rolled, zone).date() == local(moment, zone).date()
        first = rolled - MINUTE
        while local(first, zone).date() == local(moment, zone).date():
            assert not opens(first, window, name)
            first -= MINUTE
    if rolled < moment:
        later = rolled
        while opens(later, window, name):
            later += MINUTE
        while later <= moment:
            assert not opens(later, window, name)
            later += MINUTE


@pytest.mark.parametrize("window", [None, OFFICE])
def test_an_opening_is_the_minute_in_which_the_window_opens_and_no_other(
    window: Window | None,
) -> None:
    nine = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
    around = [is_opening(nine + ahead * MINUTE, window, ZONES[NAMES[0]]) for ahead in (-1, 0, 1)]

    assert around == [False, window is not None, False]
    assert not is_opening(nine + timedelta(days=5), window, ZONES[NAMES[0]])


def test_a_date_has_an_opening_hour_whether_or_not_the_window_opens_on_it() -> None:
    zone, saturday = ZONES["America/New_York"], date(2026, 3, 14)

    assert local(opening_on(saturday, OFFICE, zone), zone) == datetime(2026, 3, 14, 9)  # noqa: DTZ001  # the clock on the wall
    assert local(opening_on(saturday, None, zone), zone) == datetime(2026, 3, 14, 9)  # noqa: DTZ001  # the clock on the wall

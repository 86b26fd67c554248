from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from devstack.demo.slices import freest, next_end

NOON = datetime(2026, 3, 2, 12, 17, 30, tzinfo=UTC)
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001  (hypothesis wants naive bounds)
    max_value=datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
few_minutes = st.frozensets(st.integers(0, 59), max_size=8)


@given(moments, few_minutes)
def test_slice_lasts_from_an_hour_to_little_over_half_a_day(
    now: datetime, in_use: frozenset[int]
) -> None:
    lasts = next_end(now, in_use) - now

    assert timedelta(hours=1) <= lasts <= timedelta(hours=14)


@given(moments, few_minutes)
def test_slice_that_follows_a_slice_is_half_a_day_long(
    now: datetime, in_use: frozenset[int]
) -> None:
    end = next_end(now, in_use)

    assert next_end(end, in_use) - end == timedelta(hours=12)


@given(moments, few_minutes)
def test_slice_ends_a_minute_or_more_from_whatever_may_be_due(
    now: datetime, in_use: frozenset[int]
) -> None:
    end = next_end(now, in_use)

    due = {*in_use, *((minute + 30) % 60 for minute in in_use), 0, 30}
    assert end.minute not in due
    assert (end.second, end.microsecond) == (0, 0)


def test_few_minutes_in_use_leave_room_for_several() -> None:
    end = next_end(NOON, {17, 18})

    assert end == datetime(2026, 3, 2, 20, 8, tzinfo=UTC)


def test_freest_minute_counts_around_the_hour() -> None:
    assert freest({0, 58}) == 29

"""When a breaker opens, and what mails that try it say."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.breakers import Breaker, Counts
from schemas.calendar import Duration, Unit
from workflows.sharing.breaking import PROBES, Trial, pause_of, trip, verdict

USUAL = Breaker()


@pytest.mark.parametrize(
    ("sent", "bounced", "complained", "why"),
    [
        (49, 49, 0, None),
        (50, 2, 0, None),
        (50, 3, 0, "3 of 50 mails bounced (6 %; it opens at 5 %)"),
        (100, 4, 0, None),
        (100, 5, 0, "5 of 100 mails bounced (5 %; it opens at 5 %)"),
        (50, 0, 1, None),
        (50, 0, 2, "2 of 50 mails were reported as spam (4 %; it opens at 0.1 %)"),
        (2000, 0, 2, "2 of 2000 mails were reported as spam (0.1 %; it opens at 0.1 %)"),
        (2001, 0, 2, None),
    ],
)
def test_it_opens_at_its_rate_and_not_by_too_few(
    sent: int, bounced: int, complained: int, why: str | None
) -> None:
    counts = Counts(sent=sent, bounced=bounced, complained=complained)

    assert trip(USUAL, counts) == why


def test_who_was_turned_away_for_now_opens_nothing() -> None:
    assert trip(USUAL, Counts(sent=100, turned_away=100)) is None


@given(st.integers(1, 20_000), st.integers(0, 20_000), st.integers(1, 10_000))
def test_what_opens_a_breaker_never_closes_it(sent: int, bounced: int, limit: int) -> None:
    rules = Breaker(bounces=limit, at_least=1)
    counts = Counts(sent=sent, bounced=min(bounced, sent))

    assert not (
        trip(rules, counts) and verdict(rules, Trial(counts, watched=True, more=False)) == "closes"
    )


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 10_000))
def test_below_the_opening_rate_and_above_half_of_it_nothing_changes_by_itself(
    sent: int, bounced: int, limit: int
) -> None:
    rules = Breaker(bounces=limit, at_least=1)
    counts = Counts(sent=sent, bounced=min(bounced, sent))
    between = limit * sent <= 2 * counts.bounced * 10_000 < 2 * limit * sent

    if between:
        assert trip(rules, counts) is None
        assert verdict(rules, Trial(counts, watched=True, more=False)) == "opens"


@pytest.mark.parametrize(
    ("counts", "watched", "more", "expected"),
    [
        (Counts(), True, True, None),
        (Counts(sent=PROBES), False, True, None),
        (Counts(sent=PROBES), True, True, "closes"),
        (Counts(sent=PROBES, bounced=1), False, True, "opens"),
        (Counts(sent=PROBES, complained=1), False, True, "opens"),
        (Counts(sent=3), True, True, None),
        (Counts(sent=3), True, False, "closes"),
        (Counts(), True, False, None),
    ],
)
def test_enough_mails_must_come_to_no_grief_for_long_enough(
    counts: Counts, *, watched: bool, more: bool, expected: str | None
) -> None:
    assert verdict(USUAL, Trial(counts, watched, more)) == expected


def test_after_each_trial_in_vain_it_waits_twice_as_long_up_to_a_day() -> None:
    hour = timedelta(hours=1)

    assert [pause_of(USUAL, rounds) for rounds in range(4)] == [hour, 2 * hour, 4 * hour, 8 * hour]
    assert pause_of(USUAL, 1000) == timedelta(days=1)


def test_a_pause_that_is_longer_than_a_day_stays_as_long() -> None:
    rules = Breaker(probe_after=Duration(count=3, unit=Unit.DAYS))

    assert pause_of(rules, 5) == timedelta(days=3)

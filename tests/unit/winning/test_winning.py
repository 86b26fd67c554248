"""What is said of a test of arms, count by count."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.winning import Tally, e_value, judge, rated, wilson


def _tallies(*counts: tuple[int, int], weights: tuple[int, ...] = (50, 50, 50, 50)) -> list[Tally]:
    given_counts = zip("abcd", weights, counts, strict=False)
    return [
        Tally(arm=arm, weight=weight, mails=mails, hits=hits)
        for arm, weight, (mails, hits) in given_counts
    ]


def test_the_arm_that_beats_the_other_with_evidence_has_won() -> None:
    verdict = judge(_tallies((500, 20), (510, 70)), 200)

    assert (verdict.outcome, verdict.winner) == ("won", "b")
    assert verdict.evidence["a"] > verdict.needed == 20


@pytest.mark.parametrize(
    ("counts", "after", "outcome"),
    [
        ([(500, 40), (500, 50)], 200, "unclear"),
        ([(199, 1), (201, 90)], 200, "too_few"),
        ([(0, 0), (0, 0)], 1, "too_few"),
        ([(300, 0), (300, 0)], 200, "unclear"),
        ([(300, 5), (600, 90)], 200, "uneven"),
        ([(300, 5)], 200, "alone"),
    ],
)
def test_without_evidence_none_is_named_and_it_is_said_why(
    counts: list[tuple[int, int]], after: int, outcome: str
) -> None:
    verdict = judge(_tallies(*counts), after)

    assert (verdict.outcome, verdict.winner) == (outcome, None)


def test_the_best_of_three_must_beat_each_of_the_others() -> None:
    close = judge(_tallies((900, 30), (900, 110), (900, 115)), 200)
    clear = judge(_tallies((900, 30), (900, 40), (900, 115)), 200)

    assert (close.outcome, {*close.evidence}) == ("unclear", {"a", "b"})
    assert clear.winner == "c"
    assert clear.needed == pytest.approx(60)


def test_arms_of_unlike_weights_are_compared_by_their_weights() -> None:
    alike = judge(_tallies((900, 90), (100, 10), weights=(90, 10)), 50)
    better = judge(_tallies((900, 60), (100, 40), weights=(90, 10)), 50)

    assert (alike.outcome, better.winner) == ("unclear", "b")
    assert alike.lots < 1


def test_an_arm_of_weight_nought_is_shown_and_no_part_of_the_test() -> None:
    verdict = judge(_tallies((300, 10), (300, 60), (4, 4), weights=(50, 50, 0)), 200)

    assert verdict.winner == "b"
    assert [rate.mails for rate in verdict.rates] == [300, 300, 4]
    assert {*verdict.evidence} == {"a"}


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 9))
def test_the_evidence_is_one_on_average_when_draws_go_by_the_weights(
    draws: int, one: int, other: int
) -> None:
    share = one / (one + other)

    mean = sum(
        comb(draws, first)
        * share**first
        * (1 - share) ** (draws - first)
        * e_value([first, draws - first], [one, other])
        for first in range(draws + 1)
    )

    assert mean == pytest.approx(1)


def test_evidence_too_large_for_a_number_is_the_largest_that_is_none() -> None:
    assert 1e290 < e_value([100_000, 0], [1, 1]) < float("inf")


# Brown, Cai and DasGupta, Statistical Science 16 (2001), give the formula; 0 of 10 and 3 of 7 by it
@pytest.mark.parametrize(
    ("hits", "of_all", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (3, 7, 0.1582, 0.7495), (0, 0, 0.0, 1.0)],
)
def test_a_rate_has_wilsons_interval(hits: int, of_all: int, low: float, high: float) -> None:
    assert wilson(hits, of_all) == pytest.approx((low, high), abs=1e-4)


def test_an_arm_without_mails_has_no_rate() -> None:
    rate = rated(Tally(arm="a", weight=1))

    assert (rate.rate, rate.low, rate.high) == (None, 0.0, 1.0)

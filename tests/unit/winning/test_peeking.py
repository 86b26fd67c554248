"""How often an arm is named wrongly, and rightly, by somebody who looks after every ten mails."""

from collections import Counter
from random import Random

import pytest

from reports.winning import ALPHA, Tally, judge

_EACH = 2_000
_LIVES = 200
_EVERY = 10


def _first_named(
    rates: dict[str, float], chance: Random, *, weights: dict[str, int] | None = None, late: int = 0
) -> str | None:
    drawn = weights or dict.fromkeys(rates, 50)
    mails, hits, coming = Counter[str](), Counter[str](), dict[int, list[str]]()
    for sent in range(_EACH * len(rates)):
        [arm] = chance.choices([*drawn], [*drawn.values()])
        mails[arm] += 1
        if chance.random() < rates[arm]:
            coming.setdefault(sent + chance.randint(0, late), []).append(arm)
        hits.update(coming.pop(sent, ()))
        if sent % _EVERY == 0:
            tallies = [
                Tally(arm=arm, weight=drawn[arm], mails=mails[arm], hits=hits[arm]) for arm in drawn
            ]
            winner = judge(tallies, 20).winner
            if winner is not None:
                return winner
    return None


# Three standard errors above what is promised, in so many lives.
_TOLERATED = _LIVES * ALPHA + 3 * (_LIVES * ALPHA * (1 - ALPHA)) ** 0.5


@pytest.mark.parametrize(
    ("rate", "weights", "late"),
    [(0.05, {"a": 50, "b": 50}, 0), (0.4, {"a": 50, "b": 50}, 0), (0.1, {"a": 80, "b": 20}, 900)],
)
def test_arms_that_do_not_differ_are_told_apart_in_less_than_one_life_of_twenty(
    rate: float, weights: dict[str, int], late: int
) -> None:
    rates = dict.fromkeys(weights, rate)

    named = [
        _first_named(rates, Random(life), weights=weights, late=late)  # noqa: S311 a seed, no secret
        for life in range(_LIVES)
    ]

    assert sum(winner is not None for winner in named) <= _TOLERATED


def test_three_arms_that_do_not_differ_are_told_apart_no_more_often() -> None:
    rates = {"a": 0.1, "b": 0.1, "c": 0.1}

    named = [_first_named(rates, Random(life)) for life in range(60)]  # noqa: S311 a seed, no secret

    assert sum(winner is not None for winner in named) <= 60 * ALPHA + 5


def test_eight_percent_are_told_from_five_mostly_and_never_the_other_way_round() -> None:
    rates = {"a": 0.05, "b": 0.08}

    named = Counter(_first_named(rates, Random(life)) for life in range(_LIVES))  # noqa: S311 a seed, no secret

    assert named["b"] >= 0.7 * _LIVES
    assert named["a"] <= 2

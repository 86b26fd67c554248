"""Whether an arm beats the others, by a test that may be looked at after every mail."""

from collections.abc import Sequence
from math import comb, exp, lgamma, log, sqrt
from typing import Literal

from schemas.values import Value

ALPHA = 0.05
"""In how many tests of arms that do not differ an arm may be named, ever, looks and all."""

UNEVEN = 0.01
"""In how many rightly drawn tests the arms' mails may ever look as if they were not."""

# How near a share is thought to be to what the weights say; any number keeps the promised rates,
# these find differences by a third, and lots gone wrong by a tenth, soon.
_NEARNESS = 25.0
_NEARNESS_OF_LOTS = 100.0
_TOO_LARGE = 690.0
_Z = 1.959963984540054

Outcome = Literal["won", "too_few", "unclear", "uneven", "alone"]
"""Why an arm is named or none: it beats all others; some arm has too few mails; none beats every
other; the arms' mails are not in proportion to their weights; there is nothing to compare."""


class Tally(Value):
    """What came of an arm: contacts mailed, and those of them that did what counts."""

    arm: str
    weight: int
    mails: int = 0
    hits: int = 0


class Rate(Tally):
    """A tally with its rate and the 95 % interval of that; without mails there is none."""

    rate: float | None
    low: float
    high: float


class Verdict(Value):
    """What may be said of a test now; `winner` only with the outcome `won`.

    `evidence` is the e-value of the best arm against each other one, `needed` what each must reach;
    `lots` is the e-value of the arms' mails against their weights, at most 1 / `UNEVEN`.
    """

    outcome: Outcome
    winner: str | None = None
    rates: tuple[Rate, ...]
    evidence: dict[str, float]
    needed: float
    lots: float


def judge(tallies: Sequence[Tally], after: int) -> Verdict:
    """Say which arm has won, if any may be named, not before `after` mails of each arm.

    Arms of weight 0 are no part of the test: nobody gets them by lot. The arms must have been drawn
    by their weights, contact by contact; nothing else is assumed, and no rate need stand still.
    """
    drawn = [tally for tally in tallies if tally.weight]
    best = max(drawn, key=_by_weight, default=None)
    others = [tally for tally in drawn if tally is not best]
    evidence = {} if best is None else {other.arm: _between(best, other) for other in others}
    lots = e_value([t.mails for t in drawn], [t.weight for t in drawn], _NEARNESS_OF_LOTS)
    needed = max(1, comb(len(drawn), 2)) / ALPHA
    outcome = _outcome(drawn, after, lots, beats=min(evidence.values(), default=0.0) >= needed)
    return Verdict(
        outcome=outcome,
        winner=best.arm if best is not None and outcome == "won" else None,
        rates=tuple(rated(tally) for tally in tallies),
        evidence=evidence,
        needed=needed,
        lots=lots,
    )


def e_value(counts: Sequence[int], weights: Sequence[int], nearness: float = _NEARNESS) -> float:
    """Give the evidence that draws which fell `counts` times did not fall by `weights`.

    The Dirichlet-multinomial likelihood over the multinomial one, of Lindon and Malek, Anytime-
    Valid Inference for Multinomial Count Data, NeurIPS 2022 (arXiv:2011.03567). Draws by the
    weights bring it to 1 / p at any time whatever with a probability of at most p (Ville).
    """
    shares = [weight / sum(weights) for weight in weights]
    pairs = list(zip(counts, shares, strict=True))
    mixed = lgamma(nearness) - lgamma(nearness + sum(counts))
    mixed += sum(lgamma(nearness * share + n) - lgamma(nearness * share) for n, share in pairs)
    return exp(min(_TOO_LARGE, mixed - sum(n * log(share) for n, share in pairs)))


def rated(tally: Tally) -> Rate:
    """Give an arm's rate with its 95 % interval."""
    low, high = wilson(tally.hits, tally.mails)
    rate = tally.hits / tally.mails if tally.mails else None
    return Rate(**tally.model_dump(), rate=rate, low=low, high=high)


def wilson(hits: int, of_all: int) -> tuple[float, float]:
    """Give the 95 % interval of a rate (E. B. Wilson, JASA 22 (1927), 209-212), from 0 to 1."""
    if not of_all:
        return 0.0, 1.0
    rate, shrink = hits / of_all, _Z**2 / of_all
    middle = rate + shrink / 2
    reach = _Z * sqrt(rate * (1 - rate) / of_all + shrink / (4 * of_all))
    return max(0.0, (middle - reach) / (1 + shrink)), min(1.0, (middle + reach) / (1 + shrink))


def _between(one: Tally, other: Tally) -> float:
    # Of all who did what counts, in the order in which they did it, each had this arm by lot: that
    # holds however late they did it, and however many are still to come.
    return e_value([one.hits, other.hits], [one.weight, other.weight])


def _by_weight(tally: Tally) -> float:
    return tally.hits / tally.weight


def _outcome(drawn: Sequence[Tally], after: int, lots: float, *, beats: bool) -> Outcome:
    told: tuple[tuple[Outcome, bool], ...] = (
        ("alone", len(drawn) <= 1),
        ("uneven", lots >= 1 / UNEVEN),
        ("too_few", any(tally.mails < after for tally in drawn)),
        ("unclear", not beats),
    )
    return next((outcome for outcome, so in told if so), "won")

"""Whether a sequence brings what it is for: its goals' conversions, and what they are worth."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from itertools import groupby

from pydantic import JsonValue
from sqlalchemy import Connection

from activities.goals import conversions
from reports.winning import wilson
from schemas.policies import Goal
from schemas.sequence import Sequence
from schemas.values import Value
from storage import goals
from storage.goals import Candidate
from workflows.deciding.conditions import Known, value_of


class GoalNumbers(Value):
    """What came of a goal, over all enrollments of the sequence that had a mail (`mailed`).

    `converted` of these had a conversion in time; `conversions` are more only with `repeat`. `rate`
    (with its 95 % interval) is converted of mailed. `values` are sums by currency, under "" those
    without one; `unvalued` conversions had no number where the goal's `value` points.
    """

    event: str
    within: str
    repeat: bool
    mailed: int
    converted: int
    conversions: int
    rate: float | None
    low: float
    high: float
    values: dict[str, Decimal]
    unvalued: int


def goals_of(connection: Connection, sequence: Sequence) -> tuple[GoalNumbers, ...]:
    """Count what came of each goal of a sequence, in the order written (language rule 25).

    Each enrollment counts for itself, ended or not; only an event from its first mail on, up to
    and including `within` after the enrollment, counts for it.
    """
    mailed = goals.mailed(connection, sequence.name) if sequence.goals else 0
    return tuple(
        _numbers(goal, mailed, _conversions(connection, sequence.name, goal))
        for goal in sequence.goals
    )


def _conversions(connection: Connection, sequence: str, goal: Goal) -> list[list[Candidate]]:
    found = conversions(connection, sequence, goal)
    each = [list(one) for _, one in groupby(found, key=lambda one: one.enrollment)]
    return each if goal.repeat else [first[:1] for first in each]


def _numbers(goal: Goal, mailed: int, converted: list[list[Candidate]]) -> GoalNumbers:
    low, high = wilson(len(converted), mailed)
    counted = [one for each in converted for one in each]
    values = [_worth(goal, one) for one in counted] if goal.value else []
    return GoalNumbers(
        event=goal.event,
        within=goal.within.words,
        repeat=goal.repeat,
        mailed=mailed,
        converted=len(converted),
        conversions=len(counted),
        rate=len(converted) / mailed if mailed else None,
        low=low,
        high=high,
        values=_sums(worth for worth in values if worth is not None),
        unvalued=values.count(None),
    )


def _worth(goal: Goal, one: Candidate) -> tuple[str, Decimal] | None:
    known = Known(event=one.fields)
    amount = None if goal.value is None else _number(value_of(goal.value, known))
    currency = None if goal.currency is None else value_of(goal.currency, known)
    return None if amount is None else (currency if isinstance(currency, str) else "", amount)


def _number(value: JsonValue) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _sums(worths: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for currency, amount in worths:
        sums[currency] = sums.get(currency, Decimal()) + amount
    return dict(sorted(sums.items()))

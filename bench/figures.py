"""What a measurement gives: figures, each with its limit, and how they came about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import JsonValue

from schemas.values import Value

Say = Callable[[str], None]
"""Takes one line about what is being done."""


class Figure(Value):
    """One number: what it is of, its unit, and what it may at most or should at least be."""

    what: str
    measured: float
    unit: str
    limit: float | None = None
    sense: Literal["at most", "at least"] = "at most"

    @property
    def holds(self) -> bool | None:
        """Tell whether the limit is kept; None without one."""
        if self.limit is None:
            return None
        if self.sense == "at most":
            return self.measured <= self.limit
        return self.measured >= self.limit


class Report(Value):
    """What one measurement found: its figures, how to read them, and the single runs."""

    about: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    runs: tuple[dict[str, JsonValue], ...] = ()
    load: tuple[float, float] = (0, 0)
    """How many processes wanted a core in the minutes before it began and before it ended."""


@dataclass(frozen=True)
class Size:
    """How much is measured, within `patience` for each store's pairs and for the sleepers.

    A machine that is too busy for all of it measures less, and the results say how much.
    """

    enrollments: int = 24
    mails: int = 10
    pairs: int = 5
    patience: timedelta = timedelta(seconds=130)
    sleepers: int = 200
    sends: int = 400
    simulations: int = 2_000
    rows: int = 500
    events: int = 50_000
    listeners: int = 1_000
    waking: int = 10_000


FULL = Size()
QUICK = Size(
    enrollments=3,
    mails=2,
    pairs=1,
    patience=timedelta(seconds=30),
    sleepers=3,
    sends=20,
    simulations=20,
    rows=10,
    events=200,
    listeners=5,
    waking=20,
)


def percentile(measured: list[float], share: float) -> float:
    """Give the smallest of the measured numbers that this share of them does not exceed."""
    ordered = sorted(measured)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]

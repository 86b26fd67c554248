"""What came of those who woke, as figures with their limits."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from temporalio.api.enums.v1 import EventType

from bench.figures import Figure, percentile
from bench.load.accepted import (
    Accepted,
    mailed_twice,
    most_in_a_second,
    most_overtaken,
    most_within,
)

_AIM, _SLOWER, _MOST_GROWTH_MB = 0.5, 3, 100
_SLACK = 16
"""How many one worker posts at once: whose answer comes first of these is nobody's order."""

BAD = {
    "workflow tasks that timed out": EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    "workflow tasks that failed": EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    "activities that timed out": EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
    "activities that failed": EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
}
"""What must not be in a history, and as what it stands there."""


@dataclass
class Woken:
    """What came of those who woke."""

    count: int
    seconds: float
    mails: list[Accepted]
    due: Mapping[UUID, float]
    places: Mapping[UUID, float]
    went: list[datetime]
    bad: Counter[str]
    memory: list[float]
    idle: list[float] = field(default_factory=list)
    meanwhile: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Give how many got their mail a second."""
        return len(self.mails) / self.seconds


def of_woken(woken: Woken, bare: float) -> list[Figure]:
    """Tell of those who woke without a limit, beside so many bare workflows a second."""
    idle, meanwhile = (percentile(waits, 0.99) for waits in (woken.idle, woken.meanwhile))
    return [
        Figure(what="enrollments that woke in one minute", measured=woken.count, unit=""),
        Figure(what="mails accepted from then on", measured=woken.rate, unit="a second"),
        Figure(what="bare workflows that woke and took a step", measured=bare, unit="a second"),
        Figure(
            what="ratio to them", measured=woken.rate / bare, unit="", limit=_AIM, sense="at least"
        ),
        *_kept(woken, ""),
        Figure(what="a transactional mail, idle, p99", measured=idle, unit="ms"),
        Figure(what="a transactional mail meanwhile, p99", measured=meanwhile, unit="ms"),
        Figure(
            what="as many times the idle system's",
            measured=meanwhile / idle,
            unit="",
            limit=_SLOWER,
        ),
    ]


def of_limited(within: Woken, rate: int) -> list[Figure]:
    """Tell of those who woke within a rate."""
    return [
        Figure(what="limited: enrollments", measured=within.count, unit=""),
        *(
            Figure(what=f"limited: mails in any second, {by}", measured=most, unit="", limit=rate)
            for by, most in (
                ("by their claims", most_within(within.went, timedelta(seconds=1))),
                ("by the emulator's log", most_in_a_second(within.mails)),
            )
        ),
        Figure(what="limited: mails a second in all", measured=within.rate, unit="a second"),
        *(
            Figure(
                what=f"limited: by how many {later} one was overtaken",
                measured=most_overtaken(within.mails, turns),
                unit="",
                limit=_SLACK,
            )
            for later, turns in (("due later", within.due), ("behind in the line", within.places))
        ),
        *_kept(within, "limited: "),
    ]


def _kept(woken: Woken, of: str) -> list[Figure]:
    first = woken.memory[0] if woken.memory else 0
    growth = max(woken.memory, default=0) - first
    lost = woken.count - len({mail.to for mail in woken.mails})
    return [
        Figure(what=f"{of}who got no mail", measured=lost, unit="", limit=0),
        Figure(what=f"{of}who got several", measured=mailed_twice(woken.mails), unit="", limit=0),
        *(Figure(what=f"{of}{what}", measured=woken.bad[what], unit="", limit=0) for what in BAD),
        Figure(
            what=f"{of}memory of the worker, more than when they woke",
            measured=growth,
            unit="MiB",
            limit=_MOST_GROWTH_MB,
        ),
    ]

"""Stretches of time in which mails wait and clocks stand still."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Interval:
    """A stop from `since` up to but without `until` (None: no end is known yet).

    `kind` is pause, hold, away, turn or suppressed.
    """

    since: datetime
    until: datetime | None
    kind: str
    why: str

"""A mail's moment, and what each rule did to it."""

from datetime import datetime
from typing import NamedTuple

from schemas.progress import Ground

NO_RULE = 0
"""Stands for a rule where a brake moves a mail: the language knows nothing of brakes."""


class Part(NamedTuple):
    """What one rule does to a mail's moment, which is `at` from then on (None: not known yet).

    `why` is what a line of the timeline says of it, if it is worth saying there; `full` says more.
    """

    rule: int
    why: str
    at: datetime | None = None
    full: str = ""

    @property
    def ground(self) -> Ground:
        """Give it as it is kept in the timeline."""
        return Ground(rule=self.rule, words=self.full or self.why, at=self.at)


class Slot(NamedTuple):
    """When a mail is due, when it goes, and why; without `at` nobody knows yet when it may go.

    `expires` is the last minute at which it may still go (rules 5 and 29), `too_late` what is said
    of it after that.
    """

    due: datetime
    at: datetime | None
    parts: tuple[Part, ...]
    expires: datetime | None = None
    too_late: Part = Part(5, "")

    @property
    def why(self) -> str:
        """Say in one line why it goes then."""
        return "; ".join(part.why for part in self.parts if part.why)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Say in full why it goes then, rule by rule."""
        return tuple(part.ground for part in self.parts)

    def moved(self, part: Part) -> "Slot":
        """Let one more rule have its say: the mail goes at its moment."""
        return self._replace(at=part.at, parts=(*self.parts, part))

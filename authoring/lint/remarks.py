"""A remark about a sequence, and the rule that makes it."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from authoring.lint.review import Review
from authoring.text.faults import Spot
from schemas.values import Value

Level = Literal["error", "warning"]


class Remark(Value):
    """What a rule says of one place: the text there, what is wrong, and the mend."""

    rule: str
    level: Level
    at: Spot
    text: str = ""
    problem: str
    mend: str = ""

    @property
    def sentence(self) -> str:
        """Give the problem and the mend as one line."""
        return f"{self.problem}; {self.mend}" if self.mend else self.problem


class Said(NamedTuple):
    """What a rule found; the table adds the rule's name and level."""

    at: Spot
    text: str
    problem: str
    mend: str = ""


class Rule(NamedTuple):
    """One rule: its lasting id, how grave it is, one line on what it is about, and its judge."""

    id: str
    level: Level
    about: str
    judge: Callable[[Review], Iterable[Said]]

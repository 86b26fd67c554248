"""A condition as a small checked tree, interpreted purely by `workflows.deciding.conditions`."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from schemas.calendar import Duration
from schemas.values import Value


class Constant(Value):
    """A written value: text, number, true, false, none, or a list of these."""

    op: Literal["constant"] = "constant"
    value: JsonValue


class Fact(Value):
    """A named fact: `contact.role`, `data.plan`, `event.amount`, or `key` (with an empty path)."""

    op: Literal["fact"] = "fact"
    of: Literal["contact", "data", "event", "key"]
    path: str = ""


class Happened(Value):
    """Whether a step's mail was sent, opened or clicked, or the contact has replied."""

    op: Literal["happened"] = "happened"
    what: Literal["sent", "opened", "clicked", "replied"]
    step: str | None = None


class Count(Value):
    """How often the contact's event `event` came, ever or in the `last` time before now.

    `event` is an app event's name, or `click`, `open` or `reply`; PostgreSQL answers it.
    """

    op: Literal["count"] = "count"
    event: str
    last: Duration | None = None

    @property
    def mark(self) -> str:
        """A name for the question, by which its answer is found."""
        return f"{self.event} in {self.last.words}" if self.last else self.event


class Comparison(Value):
    """Two sides compared; a missing value makes it false (language rule 17)."""

    op: Literal["comparison"] = "comparison"
    by: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in"]
    left: "Condition"
    right: "Condition"


class Both(Value):
    """All of the parts (`and`)."""

    op: Literal["and"] = "and"
    parts: tuple["Condition", ...]


class Either(Value):
    """At least one of the parts (`or`)."""

    op: Literal["or"] = "or"
    parts: tuple["Condition", ...]


class Opposite(Value):
    """Not the part."""

    op: Literal["not"] = "not"
    part: "Condition"


Condition = Annotated[
    Constant | Fact | Happened | Count | Comparison | Both | Either | Opposite,
    Field(discriminator="op"),
]

Comparison.model_rebuild()
Both.model_rebuild()
Either.model_rebuild()
Opposite.model_rebuild()


def facts_in(condition: Condition | None) -> set[str]:
    """Give the facts that a condition names, as it writes them: `contact.role`, `key`."""
    parts: tuple[Condition, ...] = ()
    match condition:
        case Fact():
            return {f"{condition.of}.{condition.path}".rstrip(".")}
        case Comparison():
            parts = (condition.left, condition.right)
        case Both() | Either():
            parts = condition.parts
        case Opposite():
            parts = (condition.part,)
    return set().union(*map(facts_in, parts))

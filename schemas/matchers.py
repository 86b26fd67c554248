"""Which event a sequence means, where it waits, reacts, ends or counts."""

from typing import Literal

from pydantic import Field

from schemas.calendar import Duration
from schemas.conditions import Condition
from schemas.values import Value

StepId = str


class Matcher(Value):
    """A reply, a click or open of a step's mail (of any mail: no step), or a named app event.

    `url` narrows a click to links that fit a pattern (`*` and `?` as in file names), `where` an
    app event to some field values. `by` "account" means somebody else of the same company. With
    `at_least` it is the one that makes so many of them `within` that time, itself included.
    """

    kind: Literal["reply", "click", "open", "event"]
    name: str | None = None
    step: StepId | None = None
    url: str | None = None
    where: Condition | None = None
    by: Literal["contact", "account"] = "contact"
    at_least: int = Field(default=1, ge=1)
    within: Duration | None = None

"""The words that a condition may use, and what is said of those it may not."""

from collections.abc import Mapping as Table
from typing import Literal, NamedTuple

from jinja2 import nodes

from authoring.text.faults import did_you_mean

AttributeType = Literal["text", "number", "truth", "date", "list"]

BUILT_IN = (
    "id",
    "email",
    "first_name",
    "last_name",
    "company",
    "timezone",
    "country",
    "language",
)
"""The facts `contact.…` that Postroad knows of itself."""


class AppNames(NamedTuple):
    """The names that the project file says the app uses; None where it does not say."""

    events: frozenset[str] | None = None
    attributes: Table[str, AttributeType] | None = None

    def slip_of_event(self, event: str) -> tuple[str, str] | None:
        """Say what is wrong with the name of an event that the app does not report, if it is."""
        if self.events is None or event in self.events:
            return None
        near = did_you_mean(event, self.events)
        return f"`{event}` is no event of `events` in postroad.yaml", near

    def slip_of_attribute(self, path: str) -> tuple[str, str] | None:
        """Say what is wrong with `contact.PATH` that no contact has, if it is."""
        name = path.split(".", maxsplit=1)[0]
        if self.attributes is None or name in BUILT_IN or name in self.attributes:
            return None
        near = did_you_mean(name, (*BUILT_IN, *self.attributes))
        return f"`contact.{name}` is not named under `attributes` in postroad.yaml", near


NOTHING_SAID = AppNames()
"""What is known of the app's names without a project file."""


class Allowed(NamedTuple):
    """What a condition may name: facts, and the steps of `sent("…")` and its like (None: none).

    `counts` is whether it may ask how often an event came; `names` are those of the app.
    """

    facts: tuple[str, ...]
    steps: tuple[str, ...] | None = None
    counts: bool = False
    names: AppNames = NOTHING_SAID


WHERE = Allowed(("event", "key"))
"""What the `where` of an event may name: it looks at one event alone."""

AUDIENCE = Allowed(("contact", "data", "key"), counts=True)
"""What an audience may name: nothing has happened yet when it is asked."""


def whenever(steps: tuple[str, ...]) -> Allowed:
    """Give what a condition may name once the enrollment runs, `steps` being those that mail."""
    return Allowed(("contact", "data", "key"), steps, counts=True)


def named(allowed: Allowed) -> str:
    """List the facts that may be named, for a message."""
    shown = [name if name == "key" else f"{name}.…" for name in allowed.facts]
    return " or ".join(f"`{name}`" for name in shown)


def unknown_name(name: str, allowed: Allowed) -> tuple[str, str]:
    """Say what is wrong with a name that stands alone or does not exist, and the mend."""
    if name in HAPPENED or name == COUNT:
        return f"`{name}` is a question", f'write `{name}("…")`'
    if name in allowed.facts:
        return f"`{name}` alone says nothing", f"say which of its facts: `{name}.…`"
    if name in FACTS or name == "key":
        return f"`{name}` is not known here", f"name {named(allowed)}"
    near = did_you_mean(name, allowed.facts)
    mend = near if near.startswith("did") else f"name {named(allowed)}, or put text in quotes"
    return f"`{name}` does not exist", mend


def unknown_question(name: str) -> tuple[str, str]:
    """Say what is wrong with `name(…)`, and the mend."""
    return f"`{name}(…)` does not exist", did_you_mean(name, (*HAPPENED, COUNT))


SIMPLY = "compare named facts, joined by `and`, `or`, `not`"
COUNT = "count"
MAIL_EVENTS = ("click", "open", "reply")
"""What is known to happen to any mail, beside the events that the app reports."""
FACTS: dict[str, Literal["contact", "data", "event"]] = {
    "contact": "contact",
    "data": "data",
    "event": "event",
}
HAPPENED: dict[str, Literal["sent", "opened", "clicked", "replied"]] = {
    "sent": "sent",
    "opened": "opened",
    "clicked": "clicked",
    "replied": "replied",
}
COMPARISONS: dict[str, Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in"]] = {
    "eq": "eq",
    "ne": "ne",
    "lt": "lt",
    "lteq": "le",
    "gt": "gt",
    "gteq": "ge",
    "in": "in",
    "notin": "not_in",
}
MEND_BY_NODE: dict[type[nodes.Expr], tuple[str, str]] = {
    nodes.Filter: ("a filter (`|`)", "did you mean `or`?"),
    nodes.Test: ("`is`", "compare with `==`"),
    nodes.CondExpr: ("`… if … else …`", "join conditions by `and`, `or`, `not`"),
    nodes.Tuple: ("a list in round brackets", 'write `["US", "CA"]`'),
    nodes.Dict: ("a mapping", SIMPLY),
    nodes.Getitem: ("`[…]` after a name", "write `contact.role`"),
    nodes.Add: ("arithmetic", SIMPLY),
    nodes.Sub: ("arithmetic", "a name with a hyphen cannot be used; use an underscore"),
    nodes.Mul: ("arithmetic", SIMPLY),
    nodes.Div: ("arithmetic", SIMPLY),
    nodes.Concat: ("`~`", SIMPLY),
}

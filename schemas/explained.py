"""An enrollment explained: each step's fate and its reason, what comes, what would end it."""

from typing import Literal

from schemas.matchers import StepId
from schemas.progress import What
from schemas.values import Moment, Value

Fate = Literal[
    "sent",
    "skipped",
    "in_doubt",
    "not_sent",
    "done",
    "waiting",
    "to_come",
    "to_skip",
    "unknown",
    "passed_over",
    "not_reached",
    "not_called",
]
"""What became of a step: a mail sent, skipped, in doubt or settled as not sent; another step done;
reached and waiting; to come, or to be skipped, if nothing else happens; to come or not, which
nobody knows yet; in a branch not taken, or passed over without marketing; not reached before the
ending; in an entry of `on:` that nothing began."""


class Told(Value):
    """One step and its fate: when, and why in a sentence that needs no page beside it.

    `local` is the moment in the enrollment's zone, with its name. A step of `on:` has a fate for
    each time its entry began.
    """

    step: StepId
    kind: str
    occurrence: int = 1
    fate: Fate
    at: Moment | None = None
    local: str | None = None
    why: str


class Ahead(Value):
    """Something that comes if nothing else happens."""

    at: Moment
    local: str
    what: What
    step: StepId | None
    why: str


class WouldEnd(Value):
    """An ending that may come, and what would bring it about, with what is known of it now."""

    ending: str
    when: str


class Explained(Value):
    """Why everything was as it was, what keeps it, what comes and what would end it.

    `over` is how it ended, and what brought that about; `waits` are what it waits for or is kept
    by, with what a person must do; `depends` is what of the future only others know.
    """

    over: str | None = None
    steps: tuple[Told, ...] = ()
    waits: tuple[str, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    depends: tuple[str, ...] = ()
    ends: tuple[WouldEnd, ...] = ()

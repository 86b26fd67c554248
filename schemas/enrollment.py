"""An enrollment's start, report and view: what goes into and comes out of its workflow."""

from typing import Literal

from pydantic import Field

from schemas.decisions import Wait
from schemas.explained import Explained
from schemas.outcomes import Enrolled
from schemas.progress import Progress
from schemas.values import Facts, Moment, Name, Value

TRIGGER_SOURCE = "trigger"
"""What the source of a start begins with that a trigger asked for (language rules 9 and 31)."""


class Resumed(Value):
    """Where a workflow goes on after continuing as new."""

    enrolled: Enrolled
    progress: Progress


class Command(Value):
    """An operator's update: who gives it, and why; `id` makes a repeat harmless."""

    who: str
    why: str = ""
    id: str | None = None


class EnrollmentStart(Value):
    """Start one contact in one sequence.

    `contact` is the contact's id (never an address), `key` what the enrollment is per (an order
    id, say), `data` what mails and conditions may name as `data.…`, `version` a published
    version's hash (the latest if left out), `at` the enrollment's own moment (that of the start
    if left out). `step` is the main step at which it begins (the first if left out), those before
    it being passed; with `paused` it begins paused, by whom and why. `resumed` is the workflow's
    own and never given from outside.
    """

    sequence: Name = Field(examples=["outbound-vp-ops"])
    contact: Name = Field(examples=["c0ffee00c0ffee00c0ffee00c0ffee00"])
    key: Name | None = None
    data: Facts = Field(default_factory=dict)
    version: str | None = None
    at: Moment | None = None
    source: str = Field(default="client", examples=["crm-sync"])
    step: str | None = Field(default=None, examples=["case-study"])
    paused: Command | None = None
    resumed: Resumed | None = None


class EnrollmentReport(Value):
    """How it ended; a refused enrollment never began."""

    ending: str
    at: Moment
    sent: int = 0
    refused: bool = False
    message: str = ""


State = Literal[
    "beginning",
    "live",
    "paused",
    "held",
    "away",
    "waiting",
    "suppressed",
    "in_doubt",
    "braked",
    "ended",
]
"""How an enrollment stands, in a word."""


class ProgressView(Value):
    """What the query `progress` answers: where it stands, why, and what comes next.

    `explained` says it in sentences, and runs it on as if nothing else happened.
    """

    sequence: str
    version: str
    row: str
    state: State
    progress: Progress | None
    next: Wait | None
    explained: Explained | None = None


class Acknowledged(Value):
    """The command is committed in PostgreSQL and folded into the enrollment."""

    state: str
    at: Moment

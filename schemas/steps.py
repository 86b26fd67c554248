"""The steps of a sequence: one shape a kind."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.calendar import Duration, Weekday
from schemas.conditions import Condition, Fact
from schemas.matchers import Matcher, StepId
from schemas.values import Facts, Value


class Step(Value):
    """What every step has; `next` is the step after it (None: the end of its list)."""

    id: StepId
    next: StepId | None = None


class At(Value):
    """A moment so long before or after a date that the contact or the enrollment has (rule 1)."""

    anchor: Fact
    by: Duration | None = None
    before: bool = False
    text: str


class Arm(Value):
    """One of several forms of a step's mail: its file, and who of a hundred weights gets it."""

    name: str
    weight: int = Field(ge=0)
    email: str
    subject: str | None = None


class Winner(Value):
    """When a test of arms is decided: by `metric`, not before `after` mails of each arm."""

    metric: str
    after: int = Field(ge=1)


class EmailStep(Step):
    """Send the mail `email`; `at_time` is in minutes since local midnight.

    Without `windowed` only marketing mails wait for the window (rule 23).
    """

    kind: Literal["email"] = "email"
    email: str
    day: int | None = Field(default=None, ge=1, le=3660)
    at: At | None = None
    at_time: int | None = Field(default=None, ge=0, le=1439)
    roll: Literal["later", "earlier"] = "later"
    valid_for: Duration | None = None
    if_past: Literal["skip", "send_now", "hold"] = "skip"
    if_missing: Literal["hold", "skip", "exit"] = "hold"
    transactional: bool = False
    windowed: bool = False
    thread: StepId | None = None
    subject: str | None = None
    arms: tuple[Arm, ...] = ()
    winner: Winner | None = None

    @property
    def waits_for_window(self) -> bool:
        """Whether the send window holds it back."""
        return self.windowed or not self.transactional


class WaitStep(Step):
    """Let time pass."""

    kind: Literal["wait"] = "wait"
    wait: Duration


class UntilStep(Step):
    """Wait until a date's moment, or until the next of these weekdays; `at_time` as for mails."""

    kind: Literal["wait_until"] = "wait_until"
    at: At | None = None
    days: tuple[Weekday, ...] = ()
    at_time: int | None = Field(default=None, ge=0, le=1439)
    text: str


class Path(Value):
    """Where an awaited event leads."""

    on: Matcher
    then: StepId | None = None


class WaitForStep(Step):
    """Wait until one of the events has come, at most `within` (language rule 16)."""

    kind: Literal["wait_for"] = "wait_for"
    paths: tuple[Path, ...]
    since: Literal["enrollment", "step", "always"] = "enrollment"
    reuse: bool = False
    within: Duration
    otherwise: StepId | None = None


class WhenStep(Step):
    """Branch by a condition, decided once; `text` is the condition as written."""

    kind: Literal["when"] = "when"
    test: Condition
    text: str
    then: StepId | None = None
    otherwise: StepId | None = None


class TaskStep(Step):
    """Give a person something to do (language rule 19)."""

    kind: Literal["task"] = "task"
    task: str
    within: Duration | None = None
    blocking: bool = True
    otherwise: StepId | None = None


class HandOffStep(Step):
    """End here and begin in another sequence; `otherwise` follows if that one refuses (rule 21)."""

    kind: Literal["hand_off"] = "hand_off"
    to: str
    otherwise: StepId | None = None


class ExitStep(Step):
    """End under the name `ending`."""

    kind: Literal["exit"] = "exit"
    ending: str


class SetStep(Step):
    """Give attributes of the contact new values; none takes one away (rule 20)."""

    kind: Literal["set"] = "set"
    values: Facts


class WebhookStep(Step):
    """Post a signed event to `url` (rule 20)."""

    kind: Literal["webhook"] = "webhook"
    url: str


class NotifyStep(Step):
    """Tell the contact's owner `text` (rule 20)."""

    kind: Literal["notify"] = "notify"
    text: str


EffectStep = SetStep | WebhookStep | NotifyStep
"""A step that does something else than mailing, at once."""

AnyStep = Annotated[
    EmailStep
    | WaitStep
    | UntilStep
    | WaitForStep
    | WhenStep
    | TaskStep
    | HandOffStep
    | ExitStep
    | SetStep
    | WebhookStep
    | NotifyStep,
    Field(discriminator="kind"),
]

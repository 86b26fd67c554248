"""A checked sequence: flat steps, each naming what comes after it: deciding is a look-up."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Condition
from schemas.values import Value

StepId = str


class Matcher(Value):
    """Which event is meant: a reply, a click or open of a step's mail, or a named app event."""

    kind: Literal["reply", "click", "open", "event"]
    name: str | None = None
    step: StepId | None = None
    where: Condition | None = None


class Step(Value):
    """What every step has; `next` is the step after it (None: the end of its list)."""

    id: StepId
    next: StepId | None = None


class EmailStep(Step):
    """Send the mail `email`; `at_time` is in minutes since local midnight."""

    kind: Literal["email"] = "email"
    email: str
    day: int | None = Field(default=None, ge=1, le=3660)
    at_time: int | None = Field(default=None, ge=0, le=1439)
    transactional: bool = False
    thread: StepId | None = None
    subject: str | None = None


class WaitStep(Step):
    """Let time pass."""

    kind: Literal["wait"] = "wait"
    wait: Duration


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


AnyStep = Annotated[
    EmailStep | WaitStep | WaitForStep | WhenStep | TaskStep | HandOffStep | ExitStep,
    Field(discriminator="kind"),
]


class Reaction(Value):
    """An entry of `on:`: what is done beside the main steps when its event comes (rule 18)."""

    on: Matcher
    first: StepId
    repeat: bool = False


class ExitRule(Value):
    """What ends the enrollment early, and the name of that ending; an event or a condition."""

    name: str
    on: Matcher | None = None
    when: Condition | None = None


class Goal(Value):
    """The success that a sequence is for; `within` counts from the enrollment."""

    event: str
    within: Duration
    repeat: bool = False


class Sequence(Value):
    """The part of a published version that decisions need; holds no text of any mail."""

    name: str
    purpose: str = "other"
    topic: str | None = None
    audience: Condition | None = None
    exit_on: tuple[ExitRule, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    goals: tuple[Goal, ...] = ()
    window: Window | None = None
    min_gap: Duration = Duration(count=1, unit=Unit.DAYS)
    out_of_office: Duration = Duration(count=5, unit=Unit.DAYS)
    re_enroll: Literal["never", "always"] | Duration = "never"
    steps: tuple[AnyStep, ...]
    first: StepId | None
    contact_facts: tuple[str, ...] = ()
    listens_to: tuple[str, ...] = ()

    @cached_property
    def step_by_id(self) -> dict[StepId, AnyStep]:
        """Steps by their ids."""
        return {step.id: step for step in self.steps}

    @cached_property
    def main_steps(self) -> tuple[StepId, ...]:
        """The steps of the main list, in order, without what stands in branches and in `on:`."""
        ids, at = [], self.first
        while at is not None:
            ids.append(at)
            at = self.step_by_id[at].next
        return tuple(ids)

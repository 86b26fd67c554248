"""A checked sequence: flat steps, each naming what comes after it: deciding is a look-up."""

from functools import cached_property
from typing import Literal

from pydantic import Field

from schemas.calendar import SATURDAY, SUNDAY, Duration, Unit, Weekday, Window
from schemas.conditions import Condition, Fact
from schemas.matchers import StepId
from schemas.policies import (
    Cycle,
    ExitRule,
    Goal,
    Pace,
    Reaction,
    Suppressor,
    Trigger,
    Turns,
    Unengaged,
)
from schemas.steps import AnyStep, EmailStep
from schemas.values import Value


class Sequence(Value):
    """The part of a published version that decisions need; holds no text of any mail.

    `spread` is in minutes (rule 11), `holdout` in hundredths of a percent of the contacts; `key`
    is the fact that an enrollment is per, `weekend` the days that are no business days. With
    `unless_goal` nobody is in it again once a goal was reached, whatever `re_enroll` says.
    """

    name: str
    purpose: str = "other"
    topic: str | None = None
    key: Fact | None = None
    audience: Condition | None = None
    audience_recheck: Literal["each_send", "enrollment"] = "each_send"
    exit_on: tuple[ExitRule, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    goals: tuple[Goal, ...] = ()
    window: Window | None = None
    weekend: tuple[Weekday, ...] = (SATURDAY, SUNDAY)
    spread: int = Field(default=30, ge=0)
    min_gap: Duration = Duration(count=1, unit=Unit.DAYS)
    out_of_office: Duration = Duration(count=5, unit=Unit.DAYS)
    if_in_doubt: Literal["skip", "resend"] = Field(
        default="skip", exclude_if=lambda doing: doing == "skip"
    )
    re_enroll: Literal["never", "always", "replace"] | Duration = "never"
    unless_goal: bool = False
    new_cycle: Cycle | None = None
    suppress_while: Suppressor | None = None
    unengaged: Unengaged | None = None
    holdout: int = Field(default=0, ge=0, le=10_000)
    triggers: tuple[Trigger, ...] = ()
    turns: Turns | None = None
    pace: Pace | None = None
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

    @cached_property
    def emails(self) -> tuple[EmailStep, ...]:
        """The steps that send a mail, in the order written."""
        return tuple(step for step in self.steps if isinstance(step, EmailStep))

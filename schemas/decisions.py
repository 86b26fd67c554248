"""What an enrollment does next: a small closed union, each with its why in words."""

from typing import Literal

from schemas.conditions import Count
from schemas.matchers import StepId
from schemas.progress import Ending, Ground, Skip, What
from schemas.values import Moment, Value


class Choice(Value):
    """What every decision has: why, in words that a marketer reads."""

    why: str


class Send(Choice):
    """Send the mail of `step` now; `due` is when the sequence wanted it, `grounds` why not then."""

    kind: Literal["send"] = "send"
    track: str
    step: StepId
    occurrence: int
    due: Moment
    grounds: tuple[Ground, ...] = ()


class Wait(Choice):
    """Sleep until `until` (None: until something happens); `step` is what comes then."""

    kind: Literal["wait"] = "wait"
    until: Moment | None
    step: StepId | None


class Move(Choice):
    """Go on to `to` without acting: a wait is over, a branch chosen, a mail skipped.

    `at` is the moment at which that was due, from which what comes next counts; `takes` is the
    event that a wait uses up; `reaction` the `<index>.<event id>` that begins; `grounds` say the
    why in full, `skip` in a word why something is skipped.
    """

    kind: Literal["move"] = "move"
    track: str
    step: StepId | None
    to: StepId | None
    at: Moment
    what: What
    takes: str | None = None
    reaction: str | None = None
    grounds: tuple[Ground, ...] = ()
    skip: Skip | None = None


class OpenTaskFor(Choice):
    """Create the task of `step` for a person."""

    kind: Literal["open_task"] = "open_task"
    track: str
    step: StepId
    occurrence: int
    late_at: Moment | None


class HandOff(Choice):
    """Try to hand the contact over to the sequence `to`."""

    kind: Literal["hand_off"] = "hand_off"
    track: str
    step: StepId
    to: str


class Settle(Choice):
    """Ask whether the mail in doubt is known to have gone, and settle it for good."""

    kind: Literal["settle"] = "settle"
    track: str
    step: StepId
    send: str


class Look(Choice):
    """Ask PostgreSQL what a condition at `step` needs to know."""

    kind: Literal["look"] = "look"
    track: str
    step: StepId
    questions: tuple[Count, ...]


class Effect(Choice):
    """Carry out a step that sets, posts or notifies."""

    kind: Literal["effect"] = "effect"
    track: str
    step: StepId
    occurrence: int


class Hold(Choice):
    """Hold the enrollment at a mail whose date is missing or past (rules 6 and 7)."""

    kind: Literal["hold"] = "hold"
    track: str
    step: StepId
    occurrence: int
    cause: Literal["past", "missing"]
    at: Moment


class Release(Choice):
    """End that hold: the date has a value now, or one that lies ahead."""

    kind: Literal["release"] = "release"
    track: str
    step: StepId
    occurrence: int
    at: Moment


class Finish(Choice):
    """End the enrollment."""

    kind: Literal["finish"] = "finish"
    ending: Ending


Decision = (
    Send | Wait | Move | OpenTaskFor | HandOff | Settle | Look | Effect | Hold | Release | Finish
)

"""The activities' contract: the workflow calls these names, the worker brings the real ones."""

from abc import ABC, abstractmethod

from pydantic import Field
from temporalio import activity

from schemas.conditions import Count
from schemas.enrollment import EnrollmentStart
from schemas.events import Control
from schemas.names import (
    ACTIVITY_BEGIN,
    ACTIVITY_CONTROL,
    ACTIVITY_EFFECT,
    ACTIVITY_END,
    ACTIVITY_HAND_OFF,
    ACTIVITY_LEAVE,
    ACTIVITY_LEAVE_ROOM,
    ACTIVITY_LOOK,
    ACTIVITY_OPEN_TASK,
    ACTIVITY_SEND,
    ACTIVITY_SETTLE,
)
from schemas.outcomes import (
    Enrolled,
    HandedOff,
    Looked,
    Refused,
    SendOutcome,
    Settled,
    Waiting,
)
from schemas.progress import Ending, Entry
from schemas.values import Facts, Moment, Value


class BeginRequest(Value):
    """Put an enrollment on record at `now`, for the workflow `workflow_id`, run `run_id`."""

    start: EnrollmentStart
    workflow_id: str
    run_id: str
    now: Moment


class LeaveRequest(BeginRequest):
    """Let a start wait no more: an operator's `control` says so, else its workflow's cancelling."""

    control: Control | None = None


class SendRequest(Value):
    """Send the mail of one step at `now`; `row` is the enrollment's database id.

    `resumes` counts the resumes so far: a refused mail is tried again only after a later one.
    """

    row: str
    step: str
    occurrence: int
    due: Moment
    now: Moment
    why: str
    resumes: int = 0
    key: str | None = None
    data: Facts = Field(default_factory=dict)


class SettleRequest(Value):
    """Settle the send in doubt at `now`: by what is known, else as not sent, or to `resend` it."""

    send: str
    now: Moment
    resend: bool = False


class RoomRequest(Value):
    """Leave the room that the mail of a step, skipped at `now`, waited for or had reserved."""

    row: str
    step: str
    occurrence: int
    now: Moment


class TaskRequest(Value):
    """Create a task for a person; the same row, step and occurrence is one task."""

    row: str
    step: str
    occurrence: int
    task: str
    now: Moment
    late_at: Moment | None
    blocking: bool


class EffectRequest(Value):
    """Carry out a step of the enrollment `row` that sets, posts or tells, once per occurrence."""

    row: str
    step: str
    occurrence: int
    now: Moment
    key: str | None = None
    data: Facts = Field(default_factory=dict)


class LookRequest(Value):
    """Answer the `questions` about the contact of the enrollment `row`, as of `now`."""

    row: str
    questions: tuple[Count, ...]
    now: Moment


class HandOffRequest(Value):
    """End the enrollment `row` and reserve one in the sequence `to`, in one transaction."""

    row: str
    step: str
    to: str
    now: Moment
    data: Facts = Field(default_factory=dict)


class EndRequest(Value):
    """Close the enrollment's record: its ending and its whole timeline."""

    row: str
    ending: Ending
    rank: int
    timeline: tuple[Entry, ...]


class ControlRequest(Value):
    """Commit an operator's pause, resume or exit for the enrollment `row`."""

    row: str
    control: Control


class EnrollmentActivities(ABC):
    """What an enrollment does to the world; each may run more than once for one request."""

    @activity.defn(name=ACTIVITY_BEGIN)
    @abstractmethod
    def begin_enrollment(self, request: BeginRequest) -> Enrolled | Refused | Waiting:
        """Check audience, suppression and policy, and record the enrollment, or refuse.

        Who waits for a turn asks again when it comes.
        """

    @activity.defn(name=ACTIVITY_LEAVE)
    @abstractmethod
    def leave_line(self, request: LeaveRequest) -> Refused:
        """Give the place and the turn of a start that waits no more to others."""

    @activity.defn(name=ACTIVITY_SEND)
    @abstractmethod
    def send_email(self, request: SendRequest) -> SendOutcome:
        """Claim, render, post and record one mail; a claim with an outcome returns it."""

    @activity.defn(name=ACTIVITY_SETTLE)
    @abstractmethod
    def settle_send(self, request: SettleRequest) -> Settled:
        """Settle a send in doubt."""

    @activity.defn(name=ACTIVITY_LEAVE_ROOM)
    @abstractmethod
    def leave_room(self, request: RoomRequest) -> None:
        """Leave what a skipped mail had reserved to others; a repeat changes nothing."""

    @activity.defn(name=ACTIVITY_OPEN_TASK)
    @abstractmethod
    def open_task(self, request: TaskRequest) -> None:
        """Create a task once."""

    @activity.defn(name=ACTIVITY_HAND_OFF)
    @abstractmethod
    def hand_off(self, request: HandOffRequest) -> HandedOff | Refused:
        """End this enrollment and reserve the other sequence's, or refuse and change nothing."""

    @activity.defn(name=ACTIVITY_EFFECT)
    @abstractmethod
    def carry_out(self, request: EffectRequest) -> None:
        """Set attributes, or lay out what is posted or told; a repeat changes nothing."""

    @activity.defn(name=ACTIVITY_LOOK)
    @abstractmethod
    def look_up(self, request: LookRequest) -> Looked:
        """Answer what conditions ask of the database."""

    @activity.defn(name=ACTIVITY_END)
    @abstractmethod
    def end_enrollment(self, request: EndRequest) -> Ending:
        """Record the ending and close open tasks; the ending on record before wins."""

    @activity.defn(name=ACTIVITY_CONTROL)
    @abstractmethod
    def record_control(self, request: ControlRequest) -> None:
        """Commit an operator's command; a repeated one changes nothing."""

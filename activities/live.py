"""The real activities: each does its one thing in a module of its own."""

from sqlalchemy import Engine
from temporalio import activity
from typing_extensions import override

from activities import controlling, ending, looking, tasks
from activities.admitting import leaving
from activities.admitting.beginning import Beginning
from activities.admitting.handing_off import HandingOff
from activities.effects import Effects
from activities.letters import previewing
from activities.letters.addresses import Addresses
from activities.letters.composing import Composed
from activities.letters.previewing import RenderRequest
from activities.mailing import leaving_room, settling, suppression
from activities.mailing.claiming import Claiming
from activities.mailing.feed import Feed
from activities.mailing.sendgrid import SendGrid
from activities.mailing.sending import Sending
from activities.mailing.suppression import SuppressionRequest
from activities.published import Library
from activities.rendering.rendered import TemplateFault
from activities.restoring.alarm import beat_of_sweep, is_dry
from activities.restoring.gauge import Gauge
from activities.triggering.sweeping import sweep
from schemas.activities import (
    BeginRequest,
    ControlRequest,
    EffectRequest,
    EndRequest,
    EnrollmentActivities,
    HandOffRequest,
    LeaveRequest,
    LookRequest,
    RoomRequest,
    SendRequest,
    SettleRequest,
    TaskRequest,
)
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
    ACTIVITY_RENDER,
    ACTIVITY_SEND,
    ACTIVITY_SETTLE,
    ACTIVITY_SUPPRESSION,
    ACTIVITY_SWEEP,
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
from schemas.progress import Ending
from schemas.suppression import Reason
from schemas.triggers import SweepRequest, Swept, TriggerActivities


class LiveActivities(EnrollmentActivities, TriggerActivities):
    """What enrollments do to PostgreSQL and SendGrid; safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        sendgrid: SendGrid,
        addresses: Addresses,
        feed: Feed | None = None,
        gauge: Gauge | None = None,
    ) -> None:
        self._engine = engine
        self._gauge = gauge or Gauge()
        self._addresses = addresses
        self._feed = feed
        self._library = Library()
        self._beginning = Beginning(engine, self._library, self._gauge)
        claiming = Claiming(engine, self._library, addresses.mail_domain, self._gauge)
        self._sending = Sending(engine, sendgrid, addresses, claiming)
        self._handing_off = HandingOff(engine, self._library)
        self._effects = Effects(engine, self._library)

    @override
    @activity.defn(name=ACTIVITY_BEGIN)
    def begin_enrollment(self, request: BeginRequest) -> Enrolled | Refused | Waiting:
        """Check audience, suppression and policy, and record the enrollment, or refuse."""
        return self._beginning.begin(request)

    @override
    @activity.defn(name=ACTIVITY_LEAVE)
    def leave_line(self, request: LeaveRequest) -> Refused:
        """Give the place and the turn of a start that waits no more to others."""
        return leaving.leave(self._engine, request)

    @override
    @activity.defn(name=ACTIVITY_SEND)
    def send_email(self, request: SendRequest) -> SendOutcome:
        """Claim, render, post and record one mail."""
        return self._sending.send(request)

    @override
    @activity.defn(name=ACTIVITY_SETTLE)
    def settle_send(self, request: SettleRequest) -> Settled:
        """Settle a send in doubt."""
        return settling.settle(self._engine, request, self._feed)

    @override
    @activity.defn(name=ACTIVITY_LEAVE_ROOM)
    def leave_room(self, request: RoomRequest) -> None:
        """Leave what a skipped mail had reserved to others."""
        leaving_room.leave_room(self._engine, request)

    @override
    @activity.defn(name=ACTIVITY_OPEN_TASK)
    def open_task(self, request: TaskRequest) -> None:
        """Create a task once."""
        tasks.open_task(self._engine, request)

    @override
    @activity.defn(name=ACTIVITY_HAND_OFF)
    def hand_off(self, request: HandOffRequest) -> HandedOff | Refused:
        """End this enrollment and reserve the other sequence's, or refuse."""
        return self._handing_off.hand_off(request)

    @override
    @activity.defn(name=ACTIVITY_EFFECT)
    def carry_out(self, request: EffectRequest) -> None:
        """Set attributes, or lay out what is posted or told."""
        self._effects.carry_out(request)

    @override
    @activity.defn(name=ACTIVITY_LOOK)
    def look_up(self, request: LookRequest) -> Looked:
        """Answer what conditions ask of the database."""
        return looking.look_up(self._engine, request)

    @override
    @activity.defn(name=ACTIVITY_END)
    def end_enrollment(self, request: EndRequest) -> Ending:
        """Record the ending, close open tasks, write the timeline."""
        return ending.end(self._engine, request)

    @override
    @activity.defn(name=ACTIVITY_CONTROL)
    def record_control(self, request: ControlRequest) -> None:
        """Commit an operator's command."""
        controlling.record_control(self._engine, request)

    @activity.defn(name=ACTIVITY_RENDER)
    def render_email(self, request: RenderRequest) -> Composed | TemplateFault:
        """Render a mail without sending it."""
        return previewing.render_email(self._engine, self._library, self._addresses, request)

    @activity.defn(name=ACTIVITY_SUPPRESSION)
    def check_suppression(self, request: SuppressionRequest) -> Reason | None:
        """Tell whether a contact may be mailed."""
        return suppression.check(self._engine, request)

    @override
    @activity.defn(name=ACTIVITY_SWEEP)
    def sweep_triggers(self, request: SweepRequest) -> Swept:
        """Let enter one batch of those who are due."""
        if request.now is None:
            raise ValueError("A sweep says at what moment it is made.")
        info = activity.info()
        tide = beat_of_sweep(
            self._engine, self._gauge, info.workflow_id or "", info.workflow_run_id or ""
        )
        with self._engine.connect() as connection:
            dry = is_dry(connection, self._gauge)
        swept = Swept() if dry else sweep(self._engine, request.now)
        return swept.model_copy(update={"tide": tide.tide})

"""Working doubles that remember, obeying the same contracts as the real ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import activity
from typing_extensions import override

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
from schemas.events import Event
from schemas.outcomes import (
    Deferred,
    Enrolled,
    HandedOff,
    Looked,
    Refused,
    SendOutcome,
    Sent,
    Settled,
    Waiting,
)
from schemas.progress import Ending
from schemas.sequence import Sequence
from tests.builders import an_enrolled


@dataclass
class FakeActivities(EnrollmentActivities):
    """Enrolls anyone in the sequences it knows, accepts every mail, remembers every request.

    What `waits` has for a sequence is answered first to who would begin in it. `meanwhile` is what
    happens while an activity is under way, by its own name or, for a mail, by its step.
    """

    sequences: Mapping[str, Sequence]
    outcomes: dict[str, list[SendOutcome]] = field(default_factory=dict)
    deferring: dict[str, list[tuple[timedelta, timedelta]]] = field(default_factory=dict)
    refuses: Mapping[str, str] = field(default_factory=dict)
    waits: Mapping[str, list[Waiting | Refused]] = field(default_factory=dict)
    settles: bool = False
    missed: tuple[Event, ...] = ()
    begun: list[BeginRequest] = field(default_factory=list)
    left: list[LeaveRequest] = field(default_factory=list)
    sends: list[SendRequest] = field(default_factory=list)
    settled: list[SettleRequest] = field(default_factory=list)
    rooms: list[RoomRequest] = field(default_factory=list)
    tasks: list[TaskRequest] = field(default_factory=list)
    hand_offs: list[HandOffRequest] = field(default_factory=list)
    effects: list[EffectRequest] = field(default_factory=list)
    looks: list[LookRequest] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    endings: list[EndRequest] = field(default_factory=list)
    controls: list[ControlRequest] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)

    @override
    @activity.defn(name="begin_enrollment")
    def begin_enrollment(self, request: BeginRequest) -> Enrolled | Refused | Waiting:
        self.begun.append(request)
        self._pass("begin_enrollment")
        name = request.start.sequence
        if self.waits.get(name):
            return self.waits[name].pop(0)
        if name in self.refuses:
            return Refused(reason=self.refuses[name], message="refused by the test")
        return an_enrolled(
            self.sequences[name],
            at=request.start.at or request.now,
            row=request.run_id,
            missed=self.missed,
            step=request.start.step,
        )

    @override
    @activity.defn(name="leave_line")
    def leave_line(self, request: LeaveRequest) -> Refused:
        self.left.append(request)
        return Refused(reason="stopped", message="called off by the test")

    @override
    @activity.defn(name="send_email")
    def send_email(self, request: SendRequest) -> SendOutcome:
        self.sends.append(request)
        self._pass(request.step)
        if deferring := self.deferring.get(request.step):
            return _put_off(request, *deferring.pop(0))
        scripted = self.outcomes.get(request.step)
        if scripted:
            return scripted.pop(0)
        return Sent(send=f"{request.step}.{request.occurrence}", at=request.now)

    @override
    @activity.defn(name="settle_send")
    def settle_send(self, request: SettleRequest) -> Settled:
        before = [one.send for one in self.settled if one.resend]
        again = request.resend and not self.settles and request.send not in before
        self.settled.append(request)
        return Settled(accepted=self.settles, again=again)

    @override
    @activity.defn(name="leave_room")
    def leave_room(self, request: RoomRequest) -> None:
        self.rooms.append(request)

    @override
    @activity.defn(name="open_task")
    def open_task(self, request: TaskRequest) -> None:
        self.tasks.append(request)

    @override
    @activity.defn(name="hand_off")
    def hand_off(self, request: HandOffRequest) -> HandedOff | Refused:
        self.hand_offs.append(request)
        self._pass("hand_off")
        if request.to in self.refuses:
            return Refused(reason=self.refuses[request.to], message="refused by the test")
        return HandedOff(workflow_id=f"{request.to}.{request.row}")

    @override
    @activity.defn(name="carry_out")
    def carry_out(self, request: EffectRequest) -> None:
        self.effects.append(request)

    @override
    @activity.defn(name="look_up")
    def look_up(self, request: LookRequest) -> Looked:
        self.looks.append(request)
        marks = [question.mark for question in request.questions]
        return Looked(counts={mark: self.counts.get(mark, 0) for mark in marks})

    @override
    @activity.defn(name="end_enrollment")
    def end_enrollment(self, request: EndRequest) -> Ending:
        self.endings.append(request)
        self._pass("end_enrollment")
        return request.ending

    @override
    @activity.defn(name="record_control")
    def record_control(self, request: ControlRequest) -> None:
        self.controls.append(request)

    def _pass(self, what: str) -> None:
        self.meanwhile.pop(what, lambda: None)()


def _put_off(request: SendRequest, by: timedelta, give_up: timedelta) -> Deferred:
    return Deferred(
        since=request.now,
        until=request.now + by,
        give_up_at=request.now + give_up,
        why="over the cap of 1 a day",
    )

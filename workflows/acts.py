"""What each decision makes an enrollment do: one act a kind of decision, but waiting."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError

from schemas.activities import (
    EffectRequest,
    HandOffRequest,
    LookRequest,
    RoomRequest,
    SendRequest,
    SettleRequest,
    TaskRequest,
)
from schemas.decisions import (
    Decision,
    Effect,
    HandOff,
    Hold,
    Look,
    Move,
    OpenTaskFor,
    Release,
    Send,
    Settle,
)
from schemas.enrollment import EnrollmentStart
from schemas.events import Control
from schemas.names import WORKFLOW_ENROLLMENT
from schemas.outcomes import Enrolled, HandedOff
from schemas.steps import EmailStep, TaskStep
from schemas.values import Facts
from workflows import calls
from workflows.after.deferring import left_by
from workflows.after.outcomes import after_send, after_settle
from workflows.after.transitions import (
    after_effect,
    after_hand_off,
    after_look,
    after_note,
    after_task,
)
from workflows.controls import Controls
from workflows.deciding.facts import data_at

_LEAVES_ROOM = "a skipped mail leaves its room"


class Acts(Controls):
    """Acts on decisions, and goes on with what came of it."""

    def __init__(self, start: EnrollmentStart) -> None:
        super().__init__()
        self._start = start
        self.acts: dict[type[Decision], Callable[..., Awaitable[None]]] = {
            Send: self._send,
            Move: self._note,
            Hold: self._note,
            Release: self._note,
            OpenTaskFor: self._open_task,
            HandOff: self._hand_off,
            Settle: self._settle,
            Look: self._look,
            Effect: self._carry_out,
        }

    async def _note(self, enrolled: Enrolled, decision: Move | Hold | Release) -> None:
        left = left_by(self.here, decision)
        self._progress = after_note(self.here, decision)
        if left is not None and workflow.patched(_LEAVES_ROOM):
            await calls.leave_room(
                RoomRequest(
                    row=enrolled.row, step=left.step, occurrence=left.occurrence, now=self.now()
                )
            )

    async def _send(self, enrolled: Enrolled, send: Send) -> None:
        request = SendRequest(
            row=enrolled.row,
            step=send.step,
            occurrence=send.occurrence,
            due=send.due,
            now=self.now(),
            why=send.why,
            resumes=self._resumes(),
            key=self._start.key,
            data=self._data(),
        )
        step = enrolled.sequence.step_by_id[send.step]
        is_transactional = isinstance(step, EmailStep) and step.transactional
        outcome = await calls.send(request, enrolled.sequence.name, transactional=is_transactional)
        self._progress = after_send(enrolled.sequence, self.here, send, outcome, self.now())

    async def _open_task(self, enrolled: Enrolled, opened: OpenTaskFor) -> None:
        step, at = enrolled.sequence.step_by_id[opened.step], self.now()
        if isinstance(step, TaskStep):
            await calls.open_task(
                TaskRequest(
                    row=enrolled.row,
                    step=opened.step,
                    occurrence=opened.occurrence,
                    task=step.task,
                    now=at,
                    late_at=opened.late_at,
                    blocking=step.blocking,
                )
            )
        self._progress = after_task(enrolled.sequence, self.here, opened, at)

    async def _hand_off(self, enrolled: Enrolled, hand_off: HandOff) -> None:
        at = self.now()
        answer = await calls.hand_off(
            HandOffRequest(
                row=enrolled.row, step=hand_off.step, to=hand_off.to, now=at, data=self._data()
            )
        )
        if isinstance(answer, HandedOff):
            await self._start_child(hand_off.to, answer, at)
        self._progress = after_hand_off(enrolled.sequence, self.here, hand_off, answer, at)

    async def _start_child(self, sequence: str, answer: HandedOff, at: datetime) -> None:
        start = EnrollmentStart(
            sequence=sequence,
            contact=self._start.contact,
            key=answer.key,
            data=self._data(),
            at=at,
            source="hand-off",
        )
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await workflow.start_child_workflow(
                WORKFLOW_ENROLLMENT,
                start,
                id=answer.workflow_id,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"{sequence}, handed over from {self._start.sequence}",
            )

    async def _settle(self, enrolled: Enrolled, settle: Settle) -> None:
        resend = enrolled.sequence.if_in_doubt == "resend"
        request = SettleRequest(send=settle.send, now=self.now(), resend=resend)
        settled = await calls.settle(request)
        self._progress = after_settle(enrolled.sequence, self.here, settle, settled, self.now())

    async def _look(self, enrolled: Enrolled, look: Look) -> None:
        request = LookRequest(row=enrolled.row, questions=look.questions, now=self.now())
        self._progress = after_look(self.here, look, await calls.look_up(request))

    async def _carry_out(self, enrolled: Enrolled, effect: Effect) -> None:
        at = self.now()
        await calls.carry_out(
            EffectRequest(
                row=enrolled.row,
                step=effect.step,
                occurrence=effect.occurrence,
                now=at,
                key=self._start.key,
                data=self._data(),
            ),
            effect.why,
        )
        self._progress = after_effect(enrolled.sequence, self.here, effect, at)

    def _data(self) -> Facts:
        return data_at(self.here, self.now())

    def _resumes(self) -> int:
        return sum(
            isinstance(event, Control) and event.action == "resume" for event in self.here.events
        )

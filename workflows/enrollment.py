"""The enrollment of one contact in one sequence: begin, then decide, act, repeat."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from schemas.activities import (
        BeginRequest,
        EndRequest,
        HandOffRequest,
        SendRequest,
        SettleRequest,
        TaskRequest,
    )
    from schemas.decisions import (
        Decision,
        Finish,
        HandOff,
        Move,
        OpenTaskFor,
        Send,
        Settle,
        Wait,
    )
    from schemas.enrollment import EnrollmentReport, EnrollmentStart, Resumed
    from schemas.events import Control
    from schemas.names import ATTRIBUTE_ENDING, ATTRIBUTE_STATE, WORKFLOW_ENROLLMENT
    from schemas.outcomes import Enrolled, HandedOff, Refused
    from schemas.progress import Ending
    from schemas.sequence import TaskStep
    from schemas.values import cut
    from workflows import calls
    from workflows.controls import Controls
    from workflows.decisions import decide
    from workflows.endings import STOPPED, rank_of
    from workflows.showing import attributes, details
    from workflows.transitions import (
        after_hand_off,
        after_move,
        after_send,
        after_settle,
        after_task,
        begun,
        ended,
    )

_NO_TIME = timedelta(0)


@workflow.defn(name=WORKFLOW_ENROLLMENT)
class Enrollment(Controls):
    """One contact in one sequence, from the first step to the ending."""

    @workflow.init
    def __init__(self, start: EnrollmentStart) -> None:
        super().__init__()
        self._start = start
        self._shown: dict[str, str] = {}
        self._acts: dict[type[Decision], Callable[..., Awaitable[None]]] = {
            Send: self._send,
            Wait: self._wait,
            Move: self._move,
            OpenTaskFor: self._open_task,
            HandOff: self._hand_off,
            Settle: self._settle,
        }

    @workflow.run
    async def run(self, start: EnrollmentStart) -> EnrollmentReport:
        """Begin, then decide and act until there is nothing left to do."""
        answer = await self._begin(start)
        if isinstance(answer, Refused):
            return self._refuse(answer)
        try:
            ending = await self._go_on(answer)
        except asyncio.CancelledError:
            ending = Ending(name=STOPPED, at=self.now())
        return await self._finish(answer, ending)

    async def _go_on(self, enrolled: Enrolled) -> Ending:
        while not isinstance(decision := self._decide(enrolled), Finish):
            self._show(enrolled, decision)
            await self._acts[type(decision)](enrolled, decision)
        return decision.ending

    def _decide(self, enrolled: Enrolled) -> Decision:
        return decide(enrolled.sequence, self.here, self.now())

    async def _begin(self, start: EnrollmentStart) -> Enrolled | Refused:
        if start.resumed is not None:
            answer: Enrolled | Refused = start.resumed.enrolled
        else:
            info = workflow.info()
            requested = cut(info.workflow_start_time)
            answer = await calls.begin(
                BeginRequest(
                    start=start,
                    workflow_id=info.workflow_id,
                    # A reset makes another run of the same enrollment.
                    run_id=info.first_execution_run_id,
                    now=requested,
                )
            )
        if isinstance(answer, Enrolled):
            self._enroll(answer, start)
        return answer

    def _enroll(self, enrolled: Enrolled, start: EnrollmentStart) -> None:
        resumed = start.resumed
        self._enrolled = enrolled
        self._progress = (
            resumed.progress if resumed else begun(enrolled, key=start.key, values=start.data)
        )
        missed = () if resumed else enrolled.missed
        early, self._early = self._early, ()
        for event in (*missed, *early):
            self.take_in(event)

    async def _move(self, _enrolled: Enrolled, move: Move) -> None:
        self._progress = after_move(self.here, move)

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
            data=self._start.data,
        )
        outcome = await calls.send(request, enrolled.sequence.name)
        self._progress = after_send(enrolled.sequence, self.here, send, outcome, self.now())

    async def _wait(self, enrolled: Enrolled, wait: Wait) -> None:
        timeout = None if wait.until is None else max(wait.until - workflow.now(), _NO_TIME)
        with contextlib.suppress(asyncio.TimeoutError):
            await workflow.wait_condition(
                lambda: self._decide(enrolled) != wait or self._is_long(),
                timeout=timeout,
                timeout_summary=f"{wait.step}: {wait.why}",
            )
        if self._is_long():
            await self._continue_as_new(enrolled)

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
                row=enrolled.row, step=hand_off.step, to=hand_off.to, now=at, data=self._start.data
            )
        )
        if isinstance(answer, HandedOff):
            await self._start_child(hand_off.to, answer.workflow_id, at)
        self._progress = after_hand_off(enrolled.sequence, self.here, hand_off, answer, at)

    async def _start_child(self, sequence: str, workflow_id: str, at: datetime) -> None:
        start = EnrollmentStart(
            sequence=sequence,
            contact=self._start.contact,
            data=self._start.data,
            at=at,
            source="hand-off",
        )
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await workflow.start_child_workflow(
                Enrollment.run,
                start,
                id=workflow_id,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"{sequence}, handed over from {self._start.sequence}",
            )

    async def _settle(self, enrolled: Enrolled, settle: Settle) -> None:
        settled = await calls.settle(SettleRequest(send=settle.send, now=self.now()))
        self._progress = after_settle(enrolled.sequence, self.here, settle, settled, self.now())

    async def _finish(self, enrolled: Enrolled, ending: Ending) -> EnrollmentReport:
        over = ended(self.here, ending)
        rank = rank_of(enrolled.sequence, ending.name)
        counted = await calls.end(
            EndRequest(row=enrolled.row, ending=ending, rank=rank, timeline=over.timeline)
        )
        self._progress = ended(self.here, counted)
        self._show(enrolled, Finish(ending=counted, why=counted.name))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return EnrollmentReport(ending=counted.name, at=counted.at, sent=len(self.here.mails))

    def _refuse(self, refused: Refused) -> EnrollmentReport:
        workflow.set_current_details(f"**Refused: {refused.reason}**. {refused.message}")
        self._upsert({ATTRIBUTE_STATE: "refused", ATTRIBUTE_ENDING: refused.reason})
        return EnrollmentReport(
            ending=refused.reason, at=self.now(), refused=True, message=refused.message
        )

    def _show(self, enrolled: Enrolled, decision: Decision) -> None:
        workflow.set_current_details(details(self.here, decision))
        if isinstance(decision, Wait | Finish) or not self._shown:
            self._upsert(attributes(enrolled, self.here, self.now()))

    def _upsert(self, wanted: dict[str, str]) -> None:
        changed = {name: word for name, word in wanted.items() if self._shown.get(name, "") != word}
        if changed:
            self._shown = {**self._shown, **changed}
            keys = {name: SearchAttributeKey.for_keyword(name) for name in changed}
            workflow.upsert_search_attributes(
                [
                    keys[name].value_set(word) if word else keys[name].value_unset()
                    for name, word in changed.items()
                ]
            )

    def _resumes(self) -> int:
        return sum(
            isinstance(event, Control) and event.action == "resume" for event in self.here.events
        )

    def _is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    async def _continue_as_new(self, enrolled: Enrolled) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        resumed = Resumed(enrolled=enrolled, progress=self.here)
        workflow.continue_as_new(self._start.model_copy(update={"resumed": resumed}))

"""The enrollment of one contact in one sequence: begin, then decide, act, repeat."""

import asyncio
import contextlib
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schemas.activities import (
        BeginRequest,
        EndRequest,
        LeaveRequest,
    )
    from schemas.decisions import (
        Decision,
        Finish,
        Wait,
    )
    from schemas.enrollment import EnrollmentReport, EnrollmentStart, Resumed
    from schemas.events import Control, Event
    from schemas.names import WORKFLOW_ENROLLMENT
    from schemas.outcomes import Enrolled, Refused, Waiting
    from schemas.progress import Ending
    from schemas.values import cut
    from workflows import calls
    from workflows.acts import Acts
    from workflows.after.tracks import ended
    from workflows.after.transitions import (
        begun,
    )
    from workflows.deciding.decisions import decide
    from workflows.deciding.endings import STOPPED, rank_of
    from workflows.signboard import Signboard

_NO_TIME = timedelta(0)
_AS_AN_EXIT = "a cancel is an exit"


@workflow.defn(name=WORKFLOW_ENROLLMENT)
class Enrollment(Acts):
    """One contact in one sequence, from the first step to the ending."""

    @workflow.init
    def __init__(self, start: EnrollmentStart) -> None:
        super().__init__(start)
        self._board = Signboard()

    @workflow.run
    async def run(self, start: EnrollmentStart) -> EnrollmentReport:
        """Begin, then decide and act until there is nothing left to do."""
        # Cancelled is this coroutine alone: what an activity does meanwhile has an outcome.
        life = asyncio.create_task(self._live(start))
        while not life.done():
            try:
                await asyncio.shield(life)
            except asyncio.CancelledError:
                await self._cancel(life)
        return life.result()

    async def _live(self, start: EnrollmentStart) -> EnrollmentReport:
        answer = await self._begin(start)
        if isinstance(answer, Refused):
            return self._refuse(answer)
        try:
            ending = await self._go_on(answer)
        except asyncio.CancelledError:
            ending = Ending(name=STOPPED, at=self.now())
        return await self._finish(answer, ending)

    async def _cancel(self, life: asyncio.Task[EnrollmentReport]) -> None:
        if life.done():
            return
        if workflow.patched(_AS_AN_EXIT):
            await self.call_off()
        else:
            life.cancel()

    async def _go_on(self, enrolled: Enrolled) -> Ending:
        while not isinstance(decision := self._decide(enrolled), Finish):
            self._board.show(enrolled, self.here, decision, self.now())
            await self._act(enrolled, decision)
        return decision.ending

    async def _act(self, enrolled: Enrolled, decision: Decision) -> None:
        if isinstance(decision, Wait):
            await self._wait(enrolled, decision)
        else:
            await self.acts[type(decision)](enrolled, decision)

    def _decide(self, enrolled: Enrolled) -> Decision:
        return decide(enrolled.sequence, self.here, self.now())

    async def _begin(self, start: EnrollmentStart) -> Enrolled | Refused:
        resumed = start.resumed
        answer = await self._let_in(start) if resumed is None else resumed.enrolled
        if isinstance(answer, Enrolled):
            self._enroll(answer, start)
        return answer

    async def _let_in(self, start: EnrollmentStart) -> Enrolled | Refused:
        info = workflow.info()
        request = BeginRequest(
            start=start,
            workflow_id=info.workflow_id,
            # A reset makes another run of the same enrollment.
            run_id=info.first_execution_run_id,
            now=cut(info.workflow_start_time),
        )
        while isinstance(answer := await self._asked(request), Waiting):
            self._board.queue(answer)
            is_cancelled = not await self._turn_of(answer)
            request = request.model_copy(update={"now": self.now()})
            if is_cancelled or self._called_off is not None:
                left = LeaveRequest(**request.model_dump(), control=self._called_off)
                return await calls.leave(left)
        return answer

    async def _asked(self, request: BeginRequest) -> Enrolled | Refused | Waiting:
        # Before the question: a turn that comes while it is on its way is not missed.
        self._is_called = False
        return await calls.begin(request)

    async def _turn_of(self, waiting: Waiting) -> bool:
        """Wait; tell whether nobody cancelled the workflow meanwhile."""
        try:
            await workflow.wait_condition(
                lambda: self._is_called or self._called_off is not None,
                timeout=max(waiting.until - workflow.now(), _NO_TIME),
                timeout_summary=waiting.why,
            )
        except TimeoutError:
            return True
        except asyncio.CancelledError:
            return False
        return True

    def _enroll(self, enrolled: Enrolled, start: EnrollmentStart) -> None:
        resumed = start.resumed
        self._enrolled = enrolled
        self._progress = (
            resumed.progress if resumed else begun(enrolled, key=start.key, values=start.data)
        )
        missed = () if resumed else enrolled.missed
        early, self._early = self._early, ()
        for event in (*missed, *early):
            self.take_in(_in_its_time(event, enrolled))

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

    async def _finish(self, enrolled: Enrolled, ending: Ending) -> EnrollmentReport:
        told = ended(self.here, ending).timeline
        rank = rank_of(enrolled.sequence, ending.name)
        counted = await calls.end(
            EndRequest(row=enrolled.row, ending=ending, rank=rank, timeline=told)
        )
        self._progress = ended(self.here, counted)
        over = Finish(ending=counted, why=counted.name)
        self._board.show(enrolled, self.here, over, self.now())
        await workflow.wait_condition(workflow.all_handlers_finished)
        return EnrollmentReport(ending=counted.name, at=counted.at, sent=len(self.here.mails))

    def _refuse(self, refused: Refused) -> EnrollmentReport:
        self._board.refuse(refused)
        return EnrollmentReport(
            ending=refused.reason, at=self.now(), refused=True, message=refused.message
        )

    def _is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    async def _continue_as_new(self, enrolled: Enrolled) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        resumed = Resumed(enrolled=enrolled, progress=self.here)
        workflow.continue_as_new(self._start.model_copy(update={"resumed": resumed}))


def _in_its_time(event: Event, enrolled: Enrolled) -> Event:
    """Let a call to end what has just begun count, though its own moment may still be ahead."""
    if not isinstance(event, Control) or event.action != "exit":
        return event
    return event.model_copy(update={"at": max(event.at or enrolled.at, enrolled.at)})

"""An operator's commands to a running enrollment, validated and committed before they count."""

from typing import Literal

from temporalio import workflow

from schemas.activities import ControlRequest
from schemas.enrollment import Acknowledged, Command, ProgressView
from schemas.events import Control
from schemas.names import QUERY_PROGRESS, UPDATE_EXIT, UPDATE_PAUSE, UPDATE_RESUME, UPDATE_SKIP
from schemas.outcomes import Enrolled
from workflows import calls
from workflows.inbox import Inbox
from workflows.showing import state_of, view

Action = Literal["pause", "resume", "exit", "skip"]
_CANCEL = Control(id="cancel", action="exit", who="Temporal", why="its workflow was cancelled")


class Controls(Inbox):
    """Pause, resume and exit, each with who and why."""

    @workflow.query(name=QUERY_PROGRESS)
    def progress(self) -> ProgressView | None:
        """Tell where the enrollment stands, why, and what comes next (None: not on record yet)."""
        if self._enrolled is None or self._progress is None:
            return None
        return view(self._enrolled, self._progress, self.now())

    @workflow.update(name=UPDATE_PAUSE)
    async def pause(self, command: Command) -> Acknowledged:
        """Stop mails and clocks until a resume."""
        return await self._command("pause", command)

    @pause.validator
    def may_pause(self, command: Command) -> None:
        """Refuse a pause of what has not begun, has ended or is paused."""
        if self._state(command) == "paused":
            raise ValueError("this enrollment is paused already; resume it to let it go on")

    @workflow.update(name=UPDATE_RESUME)
    async def resume(self, command: Command) -> Acknowledged:
        """Go on after a pause or a hold."""
        return await self._command("resume", command)

    @resume.validator
    def may_resume(self, command: Command) -> None:
        """Refuse a resume where nothing is paused or held."""
        if self._state(command) not in {"paused", "held"}:
            raise ValueError("this enrollment is neither paused nor held: nothing to resume")

    @workflow.update(name=UPDATE_SKIP)
    async def skip(self, command: Command) -> Acknowledged:
        """Give up the mail that the enrollment is held at for its date."""
        return await self._command("skip", command)

    @skip.validator
    def may_skip(self, command: Command) -> None:
        """Refuse a skip where no mail is held for its date."""
        self._state(command)
        if not any(stop.cause and stop.until is None for stop in self.here.stops):
            raise ValueError("no mail of this enrollment is held for its date: nothing to skip")

    @workflow.update(name=UPDATE_EXIT)
    async def end(self, command: Command) -> Acknowledged:
        """End the enrollment as stopped."""
        return await self._command("exit", command)

    @end.validator
    def may_end(self, command: Command) -> None:
        """Refuse an exit of what has not begun or has ended."""
        self._state(command)

    async def call_off(self) -> None:
        """End the enrollment as an exit does, because its workflow is cancelled."""
        if self._enrolled is None:
            self.take_in(_CANCEL.model_copy(update={"at": self.now()}))
        else:
            await self._commit(self._enrolled, _CANCEL)

    def _state(self, command: Command) -> str:
        if not command.who.strip():
            raise ValueError("say who gives this command, in the field `who`")
        if self._enrolled is None or self._progress is None:
            raise ValueError("this enrollment is not on record yet; try again in a moment")
        state = state_of(self._enrolled.sequence, self._progress, self.now())
        if state == "ended":
            raise ValueError("this enrollment has ended; there is nothing left to change")
        return state

    async def _command(self, action: Action, command: Command) -> Acknowledged:
        if self._enrolled is None:
            raise RuntimeError("the validator lets no command pass before the enrollment began")
        control = Control(
            id=command.id or str(workflow.uuid4()),
            action=action,
            who=command.who,
            why=command.why,
        )
        await self._commit(self._enrolled, control)
        state = state_of(self._enrolled.sequence, self.here, self.now())
        return Acknowledged(state=state, at=self.now())

    async def _commit(self, enrolled: Enrolled, control: Control) -> None:
        # The enrollment's own moment may still be ahead.
        now = control.model_copy(update={"at": max(self.now(), self.here.enrolled_at)})
        await calls.control(ControlRequest(row=enrolled.row, control=now))
        self.take_in(now)

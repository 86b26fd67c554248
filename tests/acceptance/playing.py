"""One contact in a sequence on the running stack, whose parts can be killed meanwhile."""

import asyncio
import os
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest
from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError

from devstack.demo.stage import Stage
from devstack.emulator.config import Switches
from devstack.emulator.faults import Fault, FaultKind
from devstack.emulator.selection import Selection
from devstack.emulator.views import MailSummary
from devstack.ports import LOOPBACK, free_port
from devstack.stack import Stack
from devstack.timeskip import Skip, skip
from schemas.enrollment import EnrollmentReport
from starter.explaining.stories import Story, tell
from storage import enrolled
from storage.rows import SendRow
from storage.sending import sends
from tests.acceptance.commanding import Desk, Ran
from tests.acceptance.looking import until
from tests.devstack.waiting import eventually, is_gone

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
exit_on: [reply, meeting_booked]
steps:
  - email: hello
  - wait: 3 days
  - email: again
"""
MAIL = """\
---
subject: {subject} {{{{ contact.first_name }}}}
---
{subject} {{{{ contact.first_name }}}}. Here is [{link}]({link}).
"""
LINK = f"https://www.us.example/what-we-did/{'for-them-and-for-others/' * 6}"
UNTIL_AGAIN = timedelta(days=3, minutes=10)


@dataclass
class Play:
    """The contact, by whose name the sequence goes too, and the enrollment once there is one."""

    stack: Stack
    stage: Stage
    desk: Desk
    enrollment: str = ""

    @property
    def address(self) -> str:
        return f"ada@{self.desk.name}.example"

    @property
    def handle(self) -> WorkflowHandle[object, EnrollmentReport]:
        return self.stage.client.get_workflow_handle(self.enrollment, result_type=EnrollmentReport)

    async def run(self, *words: str) -> Ran:
        return await asyncio.to_thread(self.desk.run, *words)

    async def publish(self, folder: Path) -> None:
        (folder / "sequence.yaml").write_text(SEQUENCE.format(name=self.desk.name))
        for mail in ("hello", "again"):
            (folder / f"{mail}.md").write_text(MAIL.format(subject=mail.capitalize(), link=LINK))
        assert (await self.run("publish", str(folder))).status == 0

    async def bring_in(self) -> str:
        """Make the contact by the API, and give its id."""
        contact = {"email": self.address, "first_name": "Ada", "external_key": self.desk.name}
        made = await self.stage.web.post("/v1/contacts", json=contact)
        return str(made.raise_for_status().json()["id"])

    async def enroll(self) -> None:
        contact = await self.bring_in()
        wanted = {"sequence": self.desk.name, "contact": contact}
        started = await self.stage.web.post("/v1/enrollments", json=wanted)
        self.enrollment = started.raise_for_status().json()["workflow_id"]

    async def enroll_and_greet(self) -> None:
        """Enroll and wait until the first mail went, was told of, and the wait began."""
        await self.enroll()
        await self.until_mailed(1)
        await self.until("live", next_step="wait-1")
        await self.stage.emulator.drain()

    async def mails(self) -> list[MailSummary]:
        return await self.stage.emulator.mails(Selection(to=self.address))

    async def until_mailed(self, count: int) -> list[MailSummary]:
        return await until(self.mails, lambda mails: len(mails) >= count)

    async def subjects(self) -> list[str]:
        """Give what the contact has got, when nothing is under way any more."""
        await self.stage.emulator.drain()
        return [mail.subject for mail in await self.mails()]

    async def story(self) -> Story | None:
        told = await tell(self.stage.client, self.stage.engine, self.enrollment)
        return told if isinstance(told, Story) else None

    async def until(self, state: str, *, next_step: str | None = None) -> Story:
        def fits(story: Story | None) -> bool:
            if story is None or story.state != state:
                return False
            return next_step is None or (story.next is not None and story.next.step == next_step)

        story = await until(self.story, fits)
        assert story is not None
        return story

    async def sends(self) -> list[SendRow]:
        """Give the ledger's rows of the enrollment."""
        with self.stage.engine.connect() as connection:
            row = enrolled.find(connection, self.enrollment)
            return [] if row is None else sends.of_enrollment(connection, row.id)

    async def skip(self, by: timedelta = UNTIL_AGAIN) -> Skip:
        return await skip(self.stage.client, self.enrollment, by)

    async def failures(self) -> str:
        """Say why the activities that Temporal tries again failed the last time."""
        return " ".join(one.last_failure.message for one in await self._under_way())

    async def _under_way(self) -> list[PendingActivityInfo]:
        described = await self.handle.describe()
        return list(described.raw_description.pending_activities)

    async def miss_worker(self) -> None:
        """Tell Temporal that the worker that knew the workflow is gone: it finds out in 10 s."""
        client = self.stage.client
        await client.workflow_service.reset_sticky_task_queue(
            ResetStickyTaskQueueRequest(
                namespace=client.namespace,
                execution=WorkflowExecution(workflow_id=self.enrollment),
            )
        )

    async def lose_attempt(self) -> None:
        """Tell Temporal that nobody works on the activity any more: it finds out in 60 s."""
        (lost,) = await self._under_way()
        activity = self.stage.client.get_async_activity_handle(
            workflow_id=self.enrollment, run_id=None, activity_id=lost.activity_id
        )
        await activity.fail(ApplicationError("its worker is gone"))

    async def strike(self, kind: FaultKind, **fields: float) -> None:
        await self.stage.emulator.arm(Fault.model_validate({"kind": kind, **fields}))

    async def keep_quiet(self) -> None:
        """Let SendGrid's events wait: for a while nobody listens at the address they go to."""
        now = await self.stage.emulator.switches()
        nobody = f"http://{LOOPBACK}:{free_port()}"
        await self.stage.emulator.switch(now.model_copy(update={"webhook_url": nobody}))

    async def speak_again(self) -> None:
        record = self.stack.record
        await self.stage.emulator.switch(
            Switches(
                webhook_url=f"{record.public_url}/webhooks/sendgrid",
                inbound_url=f"{record.public_url}/webhooks/inbound/{record.inbound_path_secret}",
            )
        )

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        pid = self.stack.record.pids[name]
        os.kill(pid, how)
        assert eventually(lambda: is_gone(pid))

    async def restart(self, name: str) -> None:
        await asyncio.to_thread(self.stack.restart, name)

    async def mend(self) -> None:
        """Leave the stack as it was: everything runs, no fault is armed."""
        await asyncio.to_thread(self.stack.revive)
        await self.stage.emulator.clear_faults()
        await self.speak_again()

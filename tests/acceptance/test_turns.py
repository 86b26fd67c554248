"""Three sequences of one group want one contact, on real servers (rule 28)."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey

from devstack.demo.stage import Stage
from devstack.emulator.selection import Selection
from devstack.timeskip import skip
from runtime.clock import wall_now
from schemas.contact import NewContact
from schemas.enrollment import EnrollmentReport, ProgressView
from schemas.names import ATTRIBUTE_STATE
from schemas.outcomes import Refused
from schemas.progress import What
from starter.asking import ask
from starter.authored.publishing import Published, publish
from starter.enrolling.enrollments import enroll
from starter.incoming.changes import save_contact
from starter.operating import Order, command
from starter.signalling import Happened, tell_of
from storage.people.contacts import Saved
from tests.acceptance.looking import until

STATE = SearchAttributeKey.for_keyword(ATTRIBUTE_STATE)
SEQUENCE = """\
sequence: {name}
exclusive: {group}
priority: {priority}
if_busy: wait 3 days
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
exit_on: [{exits}]
steps:
  - email: hello
  - wait: 9 days
  - email: hello
    id: once-more
"""
MAIL = "---\nsubject: Hello\n---\nHi.\n"


@dataclass
class Wanted:
    """A contact whom three sequences of one group want, each of a higher priority."""

    stage: Stage
    mark: str
    contact: str = ""

    def prepare(self, folder: Path) -> None:
        folders = []
        (folder / "postroad.yaml").write_text(f"exclusive: [{self.mark}]\n", encoding="utf-8")
        for priority, exits in enumerate(("reply", "booked", "reply")):
            place = folder / str(priority)
            place.mkdir()
            text = SEQUENCE.format(
                name=self.named(priority), group=self.mark, priority=priority, exits=exits
            )
            (place / "sequence.yaml").write_text(text, encoding="utf-8")
            (place / "hello.md").write_text(MAIL, encoding="utf-8")
            folders.append(place)
        answers = publish(self.stage.engine, tuple(folders), by="test", at=wall_now())
        assert all(isinstance(one, Published) for one in answers), answers
        saved = save_contact(self.stage.engine, NewContact(email=self.address), wall_now())
        assert isinstance(saved, Saved)
        self.contact = saved.contact.id

    @property
    def address(self) -> str:
        return f"{self.mark}@turns.example"

    def named(self, priority: int) -> str:
        return f"{self.mark}-{priority}"

    async def enroll(self, priority: int) -> str:
        client, engine = self.stage.client, self.stage.engine
        begun = await enroll(client, engine, self.named(priority), self.contact)
        assert not isinstance(begun, Refused), begun
        return begun.workflow_id

    async def mailed_by(self, priority: int) -> str:
        workflow = await self.enroll(priority)
        await self.tells(workflow, What.SENT)
        return workflow

    async def tells(self, workflow: str, what: What) -> ProgressView:
        """Wait until its timeline ends with something of the kind, and it waits again."""

        def there(view: ProgressView | None) -> bool:
            told = view.progress.timeline if view and view.progress else ()
            return view is not None and view.next is not None and told[-1].what is what

        view = await until(lambda: ask(self.stage.client, workflow), there)
        assert view is not None
        return view

    async def begins(self, workflow: str) -> ProgressView:
        """Wait until its turn has come; its first mail goes when the next minute has."""
        view = await self.tells(workflow, What.ENROLLED)
        await skip(self.stage.client, workflow, timedelta(minutes=1))
        await self.tells(workflow, What.SENT)
        return view

    async def in_line(self, workflow: str) -> None:
        def waits(described: WorkflowExecutionDescription) -> bool:
            return described.typed_search_attributes.get(STATE) == "waiting"

        await until(self.stage.client.get_workflow_handle(workflow).describe, waits)

    async def happens(self, word: str) -> None:
        happened = Happened(word=word, wall=wall_now())
        await tell_of(self.stage.client, self.stage.engine, self.contact, happened)

    async def ended(self, workflow: str) -> EnrollmentReport:
        handle = self.stage.client.get_workflow_handle(workflow, result_type=EnrollmentReport)

        def over(described: WorkflowExecutionDescription) -> bool:
            return described.status is WorkflowExecutionStatus.COMPLETED

        await until(handle.describe, over)
        report: EnrollmentReport = await handle.result()
        return report

    async def mails(self) -> int:
        return len(await self.stage.emulator.mails(Selection(to=self.address)))


@pytest.fixture
async def wanted(stage: Stage, tmp_path: Path) -> Wanted:
    one = Wanted(stage, f"t{secrets.token_hex(4)}")
    await asyncio.to_thread(one.prepare, tmp_path)
    return one


async def test_each_has_its_turn_and_a_reply_gives_it_back(wanted: Wanted) -> None:
    middle = await wanted.mailed_by(1)
    low = await wanted.enroll(0)
    await wanted.in_line(low)

    high = await wanted.mailed_by(2)
    waiting = await wanted.tells(middle, What.TURN_LOST)
    await wanted.happens("reply")
    replied = await wanted.ended(high)
    back = await wanted.tells(middle, What.TURN_BACK)
    before = await wanted.mails()
    await wanted.happens("booked")
    booked = await wanted.ended(middle)
    last = await wanted.begins(low)

    assert await wanted.mails() == before + 1 == 3
    assert waiting.state == "waiting"
    assert waiting.progress is not None
    why = f"{wanted.named(2)} goes first for this contact: priority 2 over 1"
    assert waiting.progress.timeline[-1].why == why
    assert (replied.ending, back.state, booked.ending) == ("replied", "live", "booked")
    assert last.progress is not None
    assert last.progress.enrolled_at == booked.at + timedelta(minutes=1)


async def test_an_operator_calls_off_who_waits(wanted: Wanted) -> None:
    await wanted.mailed_by(1)
    low = await wanted.enroll(0)
    await wanted.in_line(low)

    order = Order(action="exit", who="olga", why="a duplicate", wall=wall_now())
    await command(wanted.stage.client, wanted.stage.engine, low, order)
    report = await wanted.ended(low)

    assert (report.refused, report.ending) == (True, "stopped")
    assert report.message == "called off by olga: a duplicate"


async def test_a_turn_for_a_terminated_workflow_goes_to_the_next(wanted: Wanted) -> None:
    middle = await wanted.mailed_by(1)
    high = await wanted.enroll(2)
    await wanted.tells(middle, What.TURN_LOST)
    low = await wanted.enroll(0)
    await wanted.in_line(low)

    await wanted.stage.client.get_workflow_handle(middle).terminate("by a test")
    await wanted.happens("reply")
    await wanted.ended(high)

    await wanted.begins(low)

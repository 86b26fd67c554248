"""Three sequences after one contact, under the project's caps, on real servers (rule 29)."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from devstack.demo.stage import Stage
from devstack.emulator.selection import Selection
from devstack.timeskip import skip
from runtime.clock import wall_now
from schemas.contact import NewContact
from schemas.decisions import Wait
from schemas.enrollment import ProgressView
from schemas.outcomes import Refused
from schemas.progress import What
from starter.asking import ask
from starter.authored.publishing import Published, publish
from starter.enrolling.enrollments import enroll
from starter.incoming.changes import save_contact
from starter.signalling import Happened, tell_of
from storage.people.contacts import Saved
from storage.sending import caps
from tests.acceptance.looking import until

DAY = timedelta(days=1)
SEQUENCE = """\
sequence: {name}
priority: {priority}
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
exit_on: [{{event: booked-{name}}}]
steps:
  - email: hello
  - wait: 9 days
"""
MAIL = "---\nsubject: Hello\n---\nHi.\n"


@dataclass
class Courted:
    """A contact whom three sequences want, and the project that says how often they may write."""

    stage: Stage
    folder: Path
    mark: str
    contact: str = ""

    @property
    def address(self) -> str:
        return f"{self.mark}@capped.example"

    def put(self, rules: str) -> None:
        """Publish three sequences, of rising priority, with these caps."""
        (self.folder / "postroad.yaml").write_text(f"{rules}\n", encoding="utf-8")
        folders = []
        for priority, name in enumerate(("low", "mid", "high")):
            folder = self.folder / name
            folder.mkdir(exist_ok=True)
            text = SEQUENCE.format(name=f"{self.mark}-{name}", priority=priority)
            (folder / "sequence.yaml").write_text(text, encoding="utf-8")
            (folder / "hello.md").write_text(MAIL, encoding="utf-8")
            folders.append(folder)
        answers = publish(self.stage.engine, tuple(folders), by="test", at=wall_now())
        assert all(isinstance(one, Published) for one in answers), answers

    def bring_in(self) -> None:
        saved = save_contact(self.stage.engine, NewContact(email=self.address), wall_now())
        assert isinstance(saved, Saved)
        self.contact = saved.contact.id

    async def enroll(self, name: str) -> str:
        """Enroll in one of them, and wait until its mail has gone or was put off."""
        client, engine = self.stage.client, self.stage.engine
        begun = await enroll(client, engine, f"{self.mark}-{name}", self.contact)
        assert not isinstance(begun, Refused), begun
        await self.told(begun.workflow_id, What.SENT, What.DEFERRED)
        return begun.workflow_id

    async def told(self, workflow: str, *whats: What) -> ProgressView:
        """Wait until its timeline tells something of the kind, and it waits again."""

        def there(view: ProgressView | None) -> bool:
            told = view.progress.timeline if view and view.progress else ()
            return view is not None and view.next is not None and any(e.what in whats for e in told)

        view = await until(lambda: ask(self.stage.client, workflow), there)
        assert view is not None
        return view

    async def waits_at(self, workflow: str, places: int) -> Wait:
        """Wait until its mail was put off so often; give for what it waits."""

        def there(view: ProgressView | None) -> bool:
            told = view.progress.timeline if view and view.progress else ()
            return sum(one.what is What.DEFERRED for one in told) == places

        view = await until(lambda: ask(self.stage.client, workflow), there)
        assert view is not None
        assert view.next is not None
        return view.next

    async def mails(self) -> int:
        return len(await self.stage.emulator.mails(Selection(to=self.address)))


@pytest.fixture
async def courted(stage: Stage, tmp_path: Path) -> AsyncIterator[Courted]:
    one = Courted(stage, tmp_path, f"c{secrets.token_hex(4)}")
    await asyncio.to_thread(one.bring_in)
    yield one
    # They hold for all sequences, and so for those of other tests.
    with stage.engine.begin() as connection:
        caps.put(connection, None, by="test", at=wall_now())


async def test_the_next_in_line_gets_the_room_of_one_that_ends(courted: Courted) -> None:
    await asyncio.to_thread(courted.put, "caps: {per_day: 1}")
    await courted.enroll("low")
    high, mid = await courted.enroll("high"), await courted.enroll("mid")
    first, second = await courted.waits_at(high, 1), await courted.waits_at(mid, 1)

    happened = Happened(word=f"booked-{courted.mark}-high", wall=wall_now())
    client, engine = courted.stage.client, courted.stage.engine
    await tell_of(client, engine, courted.contact, happened)
    moved = await courted.waits_at(mid, 2)
    before = await courted.mails()
    await skip(client, mid, DAY)
    await courted.told(mid, What.SENT)

    assert first.until is not None
    assert second.until == first.until + DAY
    assert moved.until == first.until
    assert (before, await courted.mails()) == (1, 2)


async def test_higher_caps_let_go_what_waits(courted: Courted) -> None:
    await asyncio.to_thread(courted.put, "caps: {per_day: 1}")
    await courted.enroll("low")
    high = await courted.enroll("high")
    before = await courted.mails()

    await asyncio.to_thread(courted.put, "caps: {per_day: 2}")
    view = await courted.told(high, What.SENT)

    assert view.progress is not None
    assert [one.what for one in view.progress.timeline] == [
        *(What.ENROLLED, What.DEFERRED, What.SENT)
    ]
    assert (before, await courted.mails()) == (1, 2)


async def test_no_cap_lets_all_go(courted: Courted) -> None:
    await asyncio.to_thread(courted.put, "timezone: UTC")

    for name in ("low", "mid", "high"):
        await courted.enroll(name)

    assert await courted.mails() == 3

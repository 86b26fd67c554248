"""The lives lived: their sequences published, everybody's story acted, and what was explained."""

import asyncio
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import dedent

from authoring.scenarios.trials import load_trials
from authoring.text.faults import Faults
from devstack.demo.stage import Stage
from runtime.clock import wall_now
from schemas.calendar import ZoneTable
from schemas.ids import enrollment_id
from starter.authored.publishing import Published, publish
from starter.explaining.explanations import Explanation
from storage.sending import caps
from tests.acceptance.explaining.acting import Acted, placed
from tests.acceptance.explaining.stories import Story
from workflows.deciding.variants import held_out
from workflows.moments.calendar import moment_of

PROJECT = """\
postal_address: Acme, 1 Main Street, Springfield
caps: {per_day: 1, defer_up_to: 2 days}
exclusive: [sales]
facts: {open_ticket: {opens: ticket_opened, closes: ticket_closed, id: ticket}}
send_window: {days: mon-fri, from: "09:00", to: "17:00", timezone: contact, fallback: UTC}
"""
HEAD = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
{own}
"""
MAIL = "---\nsubject: Hello\n---\nHi. Here is [more](https://us.example/more).\n"
LAST_DAY, AT_ONCE = 20, 5
FIRST_DAY = datetime(2031, 3, 2)  # noqa: DTZ001 local, in whatever zone the contact is


class Acting:
    """All that the stories leave behind: the final explanation of each, and those meanwhile."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        self.lived: dict[str, Acted] = {}
        self.told: dict[str, Explanation] = {}

    async def act(self, stories: Iterable[Story]) -> None:
        """Publish and live them, those at the end that let SendGrid answer otherwise."""
        known, turns = list(stories), asyncio.Semaphore(AT_ONCE)
        self._publish([*known, ELSEWHERE])

        async def in_turn(story: Story) -> None:
            async with turns:
                await self._live(story)

        try:
            await asyncio.gather(*(in_turn(one) for one in known if not one.alone))
            for story in (one for one in known if one.alone):
                await self._live(story)
        finally:
            # They hold for all sequences, and so for those of other tests.
            with self.stage.engine.begin() as connection:
                caps.put(connection, None, by="test", at=wall_now())

    def _publish(self, stories: list[Story]) -> None:
        (self.folder / "postroad.yaml").write_text(PROJECT)
        for story in stories:
            _write(self.folder / story.name, story)
        folders = tuple(self.folder / one.name for one in stories)
        answers = publish(self.stage.engine, folders, by="test", at=wall_now())
        assert all(isinstance(one, Published) for one in answers), answers

    async def _live(self, story: Story) -> None:
        trials = load_trials(self.folder / story.name)
        assert not isinstance(trials, Faults), str(trials)
        (written,) = trials.scenarios
        life = Acted(
            stage=self.stage,
            sequence=trials.version.sequence,
            written=written,
            contact_id=contact_of(story),
            known_until=_moment(f"day {LAST_DAY} 00:00", written.zone),
            deeds={_moment(at, written.zone): deed for at, deed in story.deeds.items()},
        )
        await life.live(placed(written))
        self.lived[story.name], self.told[story.name] = life, await life.explained()


def contact_of(story: Story) -> str:
    """Give the id of a story's contact; somebody held out is looked for."""
    names = (f"explained-{story.name}-{number}" for number in range(100))
    return next(
        one for one in names if "holdout" not in story.sequence or held_out(story.name, one, 5_000)
    )


def workflow_of(story: Story) -> str:
    """Give the workflow id of a story's enrollment."""
    return enrollment_id(story.name, contact_of(story), None)


def _write(folder: Path, story: Story) -> None:
    (folder / "scenarios").mkdir(parents=True)
    text = HEAD.format(name=story.name, own=dedent(story.sequence).strip())
    (folder / "sequence.yaml").write_text(text)
    for mail in re.findall(r"email: ([a-z-]+)", text):
        body = "Hi, {{ data.word }}." if mail == "blank" else MAIL
        (folder / f"{mail}.md").write_text(MAIL.replace("Hi.", body) if mail == "blank" else body)
    (folder / "scenarios" / "story.yaml").write_text(_scenario(story))


def _scenario(story: Story) -> str:
    events = "".join(f"  - {one}\n" for one in story.events)
    before = "".join(f"  - {one}\n" for one in story.before)
    return "".join(
        (
            f"scenario: {story.name}\n",
            f"contact: {{timezone: America/Chicago, {story.contact}}}\n",
            f"data: {story.data}\n" if story.data else "",
            "start: Mon 3 Mar 2031 10:00\n",
            f"before:\n{before}" if before else "",
            f"events:\n{events}" if events else "",
            f"refuses: [{story.refuses}]\n" if story.refuses else "",
            "expect: {ending: completed}\n",
        )
    )


def _moment(at: str, zone: ZoneTable) -> datetime:
    """Read `day 2 10:00`."""
    _, day, clock = at.split()
    hour, minute = map(int, clock.split(":"))
    return moment_of(FIRST_DAY + timedelta(days=int(day), hours=hour, minutes=minute), zone)


ELSEWHERE = Story("elsewhere", "steps: [{email: welcome}]", "", {})

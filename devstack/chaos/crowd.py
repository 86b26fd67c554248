"""The people of a chaos run: started, nudged, and doing what the plan says, each deed noted."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from devstack.chaos.deeds import Deeds
from devstack.chaos.plan import Deed, Person, Plan
from devstack.demo.stage import Stage
from devstack.emulator.selection import Selection
from devstack.emulator.views import MailSummary
from storage.schema.tables import sends

_LOOK_SECONDS = 0.3
_PAGE = 1_000


class Crowd:
    """Everybody, at most so many between start and ending."""

    def __init__(self, plan: Plan, stage: Stage, ids: tuple[str, ...]) -> None:
        self.deeds = Deeds(stage, ids)
        self.mails = 0
        self._plan, self._stage = plan, stage
        self._number_by_name = {one.name: one.number for one in plan.people}
        self._came: dict[int, dict[str, MailSummary]] = {}
        self._heard = {one.number: asyncio.Event() for one in plan.people}
        self._acted: set[int] = set()
        self._doubtful: frozenset[str] = frozenset()
        self._is_over = False
        self._looked = asyncio.Event()

    async def until(self, mails: int) -> None:
        """Wait until so many mails have been accepted, or everybody has done what they do."""
        while self.mails < mails and not self._is_over:
            self._looked.clear()
            await self._looked.wait()

    async def live(self) -> None:
        """Start everybody, a few at once, and let each do what the plan says."""
        turns = asyncio.Semaphore(self._plan.size.at_once)
        beside = [asyncio.create_task(work) for work in (self._read_mails(), self._watch_doubts())]
        try:
            async with asyncio.TaskGroup() as group:
                for person in self._plan.people:
                    await turns.acquire()
                    group.create_task(self._live(person, turns))
        finally:
            self._is_over = True
            self._looked.set()
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)

    async def last_word(self) -> None:
        """Let who could not act for want of a mail say farewell: nobody shall wait for it.

        But whose mails bounce needs none as long as one may still go.
        """
        for person in self._plan.people:
            if person.number not in self._acted and person.deed is not Deed.BOUNCES:
                await self.deeds.say(person, "farewell")

    async def very_last_word(self) -> bool:
        """Let whose mails would have bounced say farewell, if none ever went; tell if any did."""
        bouncing = [one for one in self._plan.people if one.deed is Deed.BOUNCES]
        silent = [one for one in bouncing if not await self.deeds.bounce(one)]
        for person in silent:
            await self.deeds.say(person, "farewell")
        return bool(silent)

    async def _live(self, person: Person, turns: asyncio.Semaphore) -> None:
        try:
            await self.deeds.start(person)
            await self._read_and_act(person)
        finally:
            turns.release()

    async def _read_and_act(self, person: Person) -> None:
        for step, nudge in _NUDGE_BY_STEP.items():
            mail = await self._mail_of(person, step)
            if mail is None:
                return
            await asyncio.sleep(person.delay)
            if step == person.acts_on:
                self._acted.add(person.number)
                await self.deeds.act(person, mail)
                if person.deed is not Deed.COMPLETES:
                    return
            if nudge in person.nudged:
                await self.deeds.say(person, nudge)

    async def _mail_of(self, person: Person, step: str) -> MailSummary | None:
        """Wait for the mail of a step, or a later one; None if a doubt keeps all of them back."""
        heard, came = self._heard[person.number], self._came.setdefault(person.number, {})
        while True:
            heard.clear()
            for later in STEPS[STEPS.index(step) :]:
                if later in came:
                    return came[later]
            if self.deeds.contact(person) in self._doubtful:
                return None
            await heard.wait()

    async def _read_mails(self) -> None:
        last = 0
        while True:
            found = await self._stage.emulator.mails(Selection(after=last, limit=_PAGE))
            self.mails += len(found)
            for mail in found:
                last = mail.number
                number = self._number_by_name.get(mail.recipient.email.partition("@")[0])
                if number is not None:
                    self._came.setdefault(number, {})[mail.custom_args["seq_step"]] = mail
                    self._heard[number].set()
            self._looked.set()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _watch_doubts(self) -> None:
        while True:
            with suppress(DBAPIError):
                self._doubtful = await asyncio.to_thread(_doubtful, self._stage.engine)
                for heard in self._heard.values():
                    heard.set()
            await asyncio.sleep(1)


def _doubtful(engine: Engine) -> frozenset[str]:
    """Give the contacts of whom a mail is in doubt for so long that no event seems to come."""
    found = select(sends.c.contact_id).where(
        sends.c.state == "in_doubt", sends.c.settled_wall < func.now() - _EVENTS_COME_WITHIN
    )
    with engine.connect() as connection:
        return frozenset(connection.scalars(found))


_EVENTS_COME_WITHIN = timedelta(seconds=10)
STEPS = ("first", "second", "third", "last")
_NUDGE_BY_STEP = {"first": "onward", "second": "further", "third": ""}

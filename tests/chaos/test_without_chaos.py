"""One thing at a time goes wrong with real processes, and each mail goes once or not at all."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from devstack.chaos.chaos import SEQUENCES
from devstack.chaos.deeds import FURTHER_ON
from devstack.chaos.drawing import plan_of
from devstack.chaos.house import House, built
from devstack.chaos.plan import size_of
from devstack.demo.stage import Stage, open_stage
from devstack.emulator.faults import Fault, FaultKind
from devstack.emulator.selection import Selection
from devstack.programs import Programs
from devstack.timeskip import skip
from runtime.clock import wall_now
from schemas.contact import NewContact
from schemas.enrollment import EnrollmentStart
from starter.authored.publishing import Published, publish
from starter.enrolling.enrollments import Started, start_enrollment
from storage.people import contacts
from storage.people.contacts import Saved
from storage.schema.tables import enrollments, sends
from tests.chaos.stalled import LATE
from workflows.deciding.mailing import IN_DOUBT_FOR

CALM = plan_of(1, size_of(1)).model_copy(
    update={"posts": {}, "events": {}, "skews": {}, "blows": ()}
)
STALLED = replace(Programs(), worker=(sys.executable, str(Path(__file__).with_name("stalled.py"))))
LONG, PAUSE = 180.0, 0.1
# A workflow's task that the stopped worker held has to time out before another one gets it.
PATIENT = timedelta(minutes=3)
Seen = TypeVar("Seen")


async def until(look: Callable[[], Seen], fits: Callable[[Seen], object]) -> Seen:
    """Look again and again until it fits."""
    async with asyncio.timeout(LONG):
        while True:
            seen = await asyncio.to_thread(look)
            if fits(seen):
                return seen
            await asyncio.sleep(PAUSE)


async def enrolled(stage: Stage, count: int) -> list[str]:
    """Enroll so many in a sequence of one mail."""
    begun = []
    published = publish(stage.engine, (SEQUENCES / FURTHER_ON,), by="test", at=wall_now())
    assert all(isinstance(one, Published) for one in published)
    for number in range(count):
        with stage.engine.begin() as connection:
            new = NewContact(email=f"person-{number}@customer.example", first_name="Ada")
            saved = contacts.save(connection, new)
        assert isinstance(saved, Saved)
        start = EnrollmentStart(sequence=FURTHER_ON, contact=saved.contact.id)
        answer = await start_enrollment(stage.client, stage.engine, start)
        assert isinstance(answer, Started)
        begun.append(answer.workflow_id)
    return begun


def states(stage: Stage) -> list[str]:
    with stage.engine.connect() as connection:
        return list(connection.scalars(select(sends.c.state)))


def ended(stage: Stage) -> int:
    with stage.engine.connect() as connection:
        over = select(func.count()).where(enrollments.c.ended_at.is_not(None))
        return connection.scalars(over).one()


async def mailed(stage: Stage) -> list[str]:
    return [mail.recipient.email for mail in await stage.emulator.mails(Selection())]


async def until_mailed(stage: Stage, count: int) -> None:
    async with asyncio.timeout(LONG):
        while True:
            if len(await mailed(stage)) >= count:
                return
            await asyncio.sleep(PAUSE)


def stopped(house: House) -> str | None:
    """Give the worker that is stopped."""
    for name in house.workers:
        stat = Path(f"/proc/{house.child(name).pid}/stat").read_text()
        if stat.rpartition(")")[2].split()[0] == "T":
            return name
    return None


async def test_a_mail_whose_worker_is_stopped_before_the_post_goes_once_in_the_end() -> None:
    async with built(CALM, STALLED) as house, open_stage(house.record) as stage:
        (workflow_id,) = await enrolled(stage, 1)
        name = await until(lambda: stopped(house), bool)
        await until(lambda: states(stage), lambda seen: seen == ["in_doubt"])
        assert name is not None
        worker = house.child(name)

        os.kill(worker.pid, signal.SIGCONT)

        await until(lambda: states(stage), lambda seen: seen == ["retry"])
        assert LATE in worker.output
        assert await mailed(stage) == []
        await skip(stage.client, workflow_id, IN_DOUBT_FOR + timedelta(minutes=1), patience=PATIENT)
        await until(lambda: ended(stage), bool)
        assert await mailed(stage) == ["person-0@customer.example"]


async def test_mails_wait_while_postgresql_is_restarted_in_any_way_or_slow() -> None:
    count = 40
    async with built(CALM) as house, open_stage(house.record) as stage:
        await stage.emulator.arm(Fault(kind=FaultKind.SLOW, seconds=1, count=count))
        await enrolled(stage, count)

        await until_mailed(stage, 5)
        await house.restart("postgres")
        await until_mailed(stage, 15)
        await house.restart("postgres", signal.SIGQUIT)
        await until_mailed(stage, 25)
        for one in house.workers:
            house.hold(f"{one}:postgres")
        await asyncio.sleep(3)
        for one in house.workers:
            house.release(f"{one}:postgres")

        await until(lambda: ended(stage), lambda over: over == count)
        recipients = await mailed(stage)
        assert len(recipients) == len(set(recipients)) == count
        assert set(states(stage)) == {"accepted"}

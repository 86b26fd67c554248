"""Language rule 29 where mails are put off and what frees their room come at once."""

import asyncio
from asyncio import Task
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from schemas.events import Control
from schemas.outcomes import Deferred, Enrolled, SendOutcome, Sent
from schemas.policies import Caps
from storage import enrollments
from storage.sending import caps
from tests.activities.capped import DAY, HOUR, at, capped, in_sequences
from tests.activities.world import World
from tests.builders import MONDAY

TWO_A_DAY = Caps(per_day=2)


@contextmanager
def being_published(world: World, rules: Caps | None, when: datetime) -> Iterator[Connection]:
    with world.engine.begin() as connection:
        caps.put(connection, rules, by="test", at=when)
        yield connection


async def until_it_waits(world: World, sending: Task[SendOutcome]) -> None:
    """Return when the claim of a mail waits for a lock, or is over."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not sending.done():
        with world.engine.connect() as observer:
            if observer.execute(waiting).scalar_one():
                return
        await asyncio.sleep(0)


async def sent_meanwhile(world: World, row: Enrolled, rules: Caps | None) -> SendOutcome:
    with being_published(world, rules, MONDAY + HOUR):
        sending = asyncio.create_task(at(world, row, MONDAY + HOUR))
        await until_it_waits(world, sending)
    return await sending


async def test_a_mail_is_not_put_off_by_caps_that_are_just_being_replaced(world: World) -> None:
    capped(world)
    first, second = in_sequences(world, world.contact(), one=0, two=0)
    await at(world, first, MONDAY)

    assert isinstance(await sent_meanwhile(world, second, TWO_A_DAY), Sent)


async def test_caps_that_are_just_being_taken_away_put_nothing_off(world: World) -> None:
    capped(world)
    first, second, third = in_sequences(world, world.contact(), one=0, two=0, three=0)
    await at(world, first, MONDAY)
    assert isinstance(await at(world, third, MONDAY), Deferred)

    assert isinstance(await sent_meanwhile(world, second, None), Sent)
    with world.engine.connect() as connection:
        assert caps.waiting(connection) == 0


async def test_nobody_is_put_off_behind_one_that_is_just_being_paused(world: World) -> None:
    capped(world)
    went, waits, behind = in_sequences(world, world.contact(), went=0, waits=0, behind=0)
    await at(world, went, MONDAY)
    assert isinstance(await at(world, waits, MONDAY + HOUR), Deferred)

    with world.engine.begin() as connection:
        command = Control(id="c1", at=MONDAY + DAY, action="pause", who="olga")
        enrollments.pause(connection, UUID(waits.row), command, MONDAY + DAY)
        sending = asyncio.create_task(at(world, behind, MONDAY + DAY))
        await until_it_waits(world, sending)

    assert isinstance(await sending, Sent)

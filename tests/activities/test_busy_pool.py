"""Sending while every connection to PostgreSQL is taken: it waits and goes on, and mails once."""

import asyncio

from sqlalchemy import create_engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from activities.live import LiveActivities
from activities.mailing.sendgrid import SendGrid
from schemas.outcomes import Sent
from tests.activities.world import ADDRESSES, KEY, World

CROWD = 6


async def test_who_finds_all_connections_taken_is_tried_again_and_mailed_once(
    world: World,
) -> None:
    world.publish()
    rows = [world.enrolled(world.contact(email=f"{n}@customer.example")) for n in range(CROWD)]
    narrow = create_engine(world.engine.url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    live = LiveActivities(narrow, SendGrid(KEY, world.url), ADDRESSES)
    crowded = World(world.engine, world.emulator, world.url, live, after=world.after)
    taken = narrow.connect()

    turned_away = await asyncio.gather(*(crowded.send(row) for row in rows), return_exceptions=True)
    taken.close()
    outcomes = [await crowded.send(row) for row in rows]
    narrow.dispose()

    assert {type(one) for one in turned_away} == {PoolTimeoutError}
    assert {type(one) for one in outcomes} == {Sent}
    assert len(await world.mails()) == CROWD

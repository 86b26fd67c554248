"""Load on real processes, small: who wakes at once under a rate limit, and a storm of events."""

import asyncio
import os
import signal
import time
from datetime import timedelta
from random import Random

from bench.load.accepted import mailed_twice, most_overtaken, most_within
from bench.load.mails import mails_of_listeners, mails_of_old
from bench.load.posting import Posting, batches, events_of
from bench.load.storm import Found, signals_of, until_brought
from bench.load.waking import wake_in_turn
from bench.servers import running
from devstack.emulator.client import plain_client

WAKING, RATE = 60, 5
# Of so many that one worker posts at once, whose answer comes first is nobody's order.
SLOTS = 16
LISTENERS, OLD, REPEATS = 10, 120, 100


async def test_sixty_who_wake_at_once_keep_the_rate_in_every_second_and_get_one_mail_each() -> None:
    with running("emulator", "worker") as servers:
        woken = await wake_in_turn(servers, WAKING, RATE, print)

    assert len(woken.mails) == WAKING
    assert mailed_twice(woken.mails) == 0
    assert most_within(woken.went, timedelta(seconds=1)) <= RATE
    assert len(woken.places) > 0
    assert most_overtaken(woken.mails, woken.places) <= SLOTS
    assert not any(woken.bad.values()), woken.bad


async def test_a_storm_of_events_over_two_webhooks_apps_one_of_which_dies_is_stored_once() -> None:
    with running("emulator", "worker", "webhooks", "beside") as servers:
        mails = [*await mails_of_listeners(servers, LISTENERS), *mails_of_old(servers, OLD)]
        items = events_of(mails, int(time.time()))
        laid_out = batches(items, REPEATS, Random(1))  # noqa: S311  (the same storm each time)
        addresses = (servers.record.public_url, servers.beside_url)
        async with plain_client(addresses[0]) as one, plain_client(addresses[1]) as other:
            posting = Posting([one, other], servers.webhook_key, _none)
            posts = asyncio.create_task(posting.post(laid_out, 2))
            await asyncio.wait([posts], timeout=1)
            os.kill(servers.pids["beside"], signal.SIGKILL)
            await posts
        await until_brought(servers)
        found = Found.of(servers.engine, items)
        signals = await signals_of(servers, mails)

    assert (found.missing, found.twice, found.undelivered) == (0, 0, 0)
    assert (found.delivered, found.clicked) == (len(mails), LISTENERS)
    assert signals == {1: LISTENERS}


async def _none(_: frozenset[str]) -> int:
    return 0

"""Many enrollments that wake in the same minute: held without loss, and what it costs."""

import asyncio
import time
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from temporalio.client import Client, WorkflowHandle

from bench.figures import Report, Say, Size
from bench.load.accepted import (
    Accepted,
    accepted,
)
from bench.load.receipts import Receipts
from bench.load.watching import Memory, again
from bench.load.woken import BAD, Woken, of_limited, of_woken
from bench.runs import enrollment_of, new_contacts, started, waker_of
from bench.sequences import one_mail_at_a_moment, version_of
from bench.servers import Servers, running
from devstack.emulator.client import EmulatorClient
from runtime.clock import wall_now
from schemas.rates import Rate, Rates
from schemas.values import cut
from storage.schema.cap_tables import deferrals, goes
from storage.schema.tables import sends
from storage.sending import rules

Handles = list[WorkflowHandle[object, object]]

_STARTS_A_SECOND, _MARGIN = 40, timedelta(seconds=30)
_BARE_SHARE, _LIMITED_SHARE = 0.2, 0.15
_SLOWEST_RATE, _LIMITED_SECONDS, _FEWEST_LIMITED = 5, 150, 40
_IDLE, _EVERY = 40, 0.5
_POLL, _PATIENCE_SECONDS = 1, 600
_MINUTE = timedelta(minutes=1)

_ABOUT = """Enrollments that sleep until the same minute and then get one mail each, in real time,
with one worker, no limit of the rate and the emulator on the same cores; from that minute on to the
last mail accepted. Beside it bare workflows that wake in the same minute and take one step each, a
fifth as many, after the others on the same server. Meanwhile, and before on the idle system, one
transactional mail every half second: from its start being asked for to its acceptance. Then another
worker and a rate of the sender, and enrollments due in one of two minutes, more in the first than
can go in it: by the emulator's own log, how many were accepted in any second of the clock, and who
went before somebody due earlier, or before in the line. Timeouts are counted in all histories."""


async def measure(size: Size, say: Say) -> Report:
    """Let them wake without a limit, then fewer within one."""
    with running("emulator", "worker", "bare") as servers:
        woken = await _wake(servers, size.waking, say)
        bare = await _bare(servers, max(2, round(size.waking * _BARE_SHARE)), say)
    count = max(_FEWEST_LIMITED, round(size.waking * _LIMITED_SHARE))
    rate = max(_SLOWEST_RATE, count // _LIMITED_SECONDS)
    with running("emulator", "worker") as servers:
        within = await wake_in_turn(servers, count, rate, say)
    figures = (*of_woken(woken, bare), *of_limited(within, rate))
    return Report(about=_ABOUT, figures=figures)


async def _wake(servers: Servers, count: int, say: Say) -> Woken:
    client = await servers.client()
    receipts = Receipts(servers, client)
    say("transactional mails on the idle system")
    await receipts.ask(5, _EVERY)
    idle = await receipts.ask(min(count, _IDLE), _EVERY)
    moment = _moment(count)
    handles = await _asleep(servers, client, [moment] * count, say)
    memory = Memory(servers.pids, ("worker",))
    async with again(memory.look, 1):
        probing = asyncio.create_task(_probing(receipts, moment, count))
        seconds = await _until_mailed(servers, count, moment)
        meanwhile = await probing
    say(f"{count} got their mail in {seconds:.0f} s; reading the log and the histories")
    woken = await _woken(servers, handles, seconds, memory)
    mails = await _log(servers)
    woken.idle, woken.meanwhile = receipts.waits(mails, idle), receipts.waits(mails, meanwhile)
    return woken


async def wake_in_turn(servers: Servers, count: int, rate: int, say: Say) -> Woken:
    """Let half of them wake in one minute and half in the next, with so many mails a second."""
    with servers.engine.begin() as connection:
        rates = Rates(sender=Rate(per_second=rate))
        rules.put(connection, "rates", rates, by="bench", at=wall_now())
    client = await servers.client()
    first = _moment(count)
    moments = [first, first + _MINUTE]
    due = [moments[number % 2] for number in range(count)]
    handles = await _asleep(servers, client, due, say)
    memory = Memory(servers.pids, ("worker",))
    async with again(memory.look, 1):
        seconds = await _until_mailed(servers, count, first)
    say(f"{count} got their mail in {seconds:.0f} s within the limit")
    return await _woken(servers, handles, seconds, memory)


async def _asleep(servers: Servers, client: Client, moments: list[datetime], say: Say) -> Handles:
    say(f"{len(moments)} enrollments begin, to wake at {moments[0]:%H:%M} UTC")
    servers.publish(version_of(one_mail_at_a_moment("waking")))
    people = await asyncio.to_thread(new_contacts, servers.engine, len(moments))
    pairs = zip(people, moments, strict=True)
    return await started(
        [enrollment_of(client, "waking", who, {"wakes": at.isoformat()}) for who, at in pairs]
    )


async def _probing(receipts: Receipts, moment: datetime, count: int) -> list[str]:
    # As long as a bare server has to do with them at least.
    await asyncio.sleep(max(0, (moment - wall_now()).total_seconds()))
    return await receipts.ask(max(2, count // _STARTS_A_SECOND), _EVERY)


async def _until_mailed(servers: Servers, count: int, moment: datetime) -> float:
    counted = select(func.count(), func.max(sends.c.settled_wall)).where(
        sends.c.sequence == "waking", sends.c.state == "accepted"
    )
    given_up = time.monotonic() + count + _PATIENCE_SECONDS
    while True:
        with servers.engine.connect() as connection:
            mailed, last = connection.execute(counted).one()
        if mailed == count or time.monotonic() > given_up:
            return float(((last or wall_now()) - moment).total_seconds())
        await asyncio.sleep(_POLL)


async def _bare(servers: Servers, count: int, say: Say) -> float:
    client, moment = await servers.client(), _moment(count)
    say(f"{count} bare workflows begin, to wake at {moment:%H:%M} UTC")
    handles = await started([waker_of(client, moment)] * count)
    await asyncio.gather(*(handle.result() for handle in handles))
    return count / (wall_now() - moment).total_seconds()


async def _woken(servers: Servers, handles: Handles, seconds: float, memory: Memory) -> Woken:
    due, places, went = _turns(servers)
    mails = [mail for mail in await _log(servers) if mail.send in due]
    bad = await _bad(handles)
    return Woken(len(handles), seconds, mails, due, places, went, bad, memory.samples["worker"])


def _turns(servers: Servers) -> tuple[dict[UUID, float], dict[UUID, float], list[datetime]]:
    same = (
        (deferrals.c.enrollment_id == sends.c.enrollment_id)
        & (deferrals.c.step == sends.c.step)
        & (deferrals.c.occurrence == sends.c.occurrence)
    )
    found = (
        select(sends.c.id, sends.c.due_at, deferrals.c.place)
        .join_from(sends, deferrals, same, isouter=True)
        .where(sends.c.sequence == "waking")
    )
    with servers.engine.connect() as connection:
        rows = connection.execute(found).all()
        went = list(connection.scalars(select(goes.c.at_wall)))
    due = {send: at.timestamp() for send, at, _ in rows}
    return due, {send: place for send, _, place in rows if place is not None}, went


async def _log(servers: Servers) -> list[Accepted]:
    async with EmulatorClient(servers.record.sendgrid_url) as emulator:
        return await accepted(emulator)


async def _bad(handles: Handles) -> Counter[str]:
    turns = asyncio.Semaphore(20)

    async def of(handle: WorkflowHandle[object, object]) -> Counter[str]:
        async with turns:
            history = await handle.fetch_history()
        kinds = Counter(event.event_type for event in history.events)
        return Counter({what: kinds[kind] for what, kind in BAD.items()})

    return sum(await asyncio.gather(*map(of, handles)), Counter[str]())


def _moment(count: int) -> datetime:
    begun = wall_now() + timedelta(seconds=count / _STARTS_A_SECOND) + _MARGIN
    return cut(begun) + _MINUTE

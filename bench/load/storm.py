"""A storm of SendGrid's events: stored once, answered soon or not taken, signals brought."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from random import Random

from httpx import AsyncClient
from sqlalchemy import Engine, func, select
from temporalio.api.enums.v1 import EventType

from bench.costs import Run, timed
from bench.figures import Figure, Report, Say, Size, percentile
from bench.load.mails import Mail, mails_of_listeners, mails_of_old
from bench.load.posting import Item, Posted, Posting, batches, events_of, natural_keys
from bench.load.watching import Memory, again
from bench.servers import Servers, running
from devstack.emulator.client import plain_client
from storage import deliveries
from storage.schema.tables import events, sends

_REPEATS = 0.2
_SECONDS = 60
_RATE = 50_000 / _SECONDS
_KINDS = 3
_SLOWEST_MS, _MOST_GROWTH_MB = 1_000, 100
_POLL = 0.2
_PATIENCE_SECONDS = 300
_SEED = 6

_ABOUT = """Events of SendGrid's posted to /webhooks/sendgrid of one webhooks process as SendGrid
does: signed batches of 1 to 400 events, each posted at its moment whatever became of those before,
in a shuffled order; 20 % of the events are repeats, half of these under another sg_event_id. A
refused batch is posted again when it was asked to be, one without an answer within 10 s later. The
mails are those of enrollments that sleep and listen to clicks, one click each, and many of
enrollments that are over. At the end PostgreSQL and the histories of the workflows are read: what
is on record, what came of it, and which signals arrived. A worker runs beside it."""


@dataclass(frozen=True)
class _Storm:
    """What was posted, and what came of it."""

    events: int
    run: Run
    posted: Posted
    memory: Memory
    alive: list[float]
    after: float


async def measure(size: Size, say: Say) -> Report:
    """Let the storm come, and count what it left."""
    with running("emulator", "worker", "webhooks") as servers:
        mails = await _mails(servers, size, say)
        items = events_of(mails, int(time.time()))
        storm = await _storm(servers, items, say)
        found = Found.of(servers.engine, items)
        say("reading the histories")
        signals = await signals_of(servers, mails)
    return Report(about=_ABOUT, figures=(*_told(storm), *_kept(found, mails, signals)))


async def _mails(servers: Servers, size: Size, say: Say) -> list[Mail]:
    say(f"{size.listeners} enrollments get their mail")
    listeners = await mails_of_listeners(servers, size.listeners)
    distinct = round(size.events * (1 - _REPEATS)) - len(listeners)
    return [*listeners, *mails_of_old(servers, distinct // _KINDS - len(listeners))]


async def _storm(servers: Servers, items: list[Item], say: Say) -> _Storm:
    repeats = round(len(items) * _REPEATS / (1 - _REPEATS))
    laid_out = batches(items, repeats, Random(_SEED))  # noqa: S311  (the same storm each time)
    count = len(items) + repeats
    say(f"{count} events in {len(laid_out)} batches, {repeats} of them repeats")
    memory, alive = Memory(servers.pids, ("webhooks",)), list[float]()
    async with plain_client(servers.record.public_url) as client:

        async def live() -> None:
            began = time.perf_counter()
            (await client.get("/healthz")).raise_for_status()
            alive.append((time.perf_counter() - began) * 1_000)

        async with again(memory.look, 1), again(live, _POLL):
            posting = _posting(servers, client)
            run = await timed(servers, count, posting.post(laid_out, count / _RATE))
        after = await until_brought(servers)
    return _Storm(count, run, posting.posted, memory, alive, after)


def _posting(servers: Servers, client: AsyncClient) -> Posting:
    async def stored(keys: frozenset[str]) -> int:
        return await asyncio.to_thread(_on_record, servers.engine, keys)

    return Posting([client], servers.webhook_key, stored)


def _on_record(engine: Engine, keys: frozenset[str]) -> int:
    counted = select(func.count()).where(events.c.natural_key.in_(keys))
    with engine.connect() as connection:
        return connection.scalars(counted).one()


async def until_brought(servers: Servers) -> float:
    """Wait until no signal is left to be brought, and give for how many seconds."""
    began = time.monotonic()
    while time.monotonic() - began < _PATIENCE_SECONDS:
        with servers.engine.connect() as connection:
            if not deliveries.waiting(connection):
                break
        await asyncio.sleep(_POLL)
    return time.monotonic() - began


@dataclass(frozen=True)
class Found:
    """What PostgreSQL has in the end."""

    missing: int
    twice: int
    delivered: int
    clicked: int
    undelivered: int

    @classmethod
    def of(cls, engine: Engine, items: Sequence[Item]) -> "Found":
        """Read it, and hold it beside the events that there were."""
        with engine.connect() as connection:
            keys = list(connection.scalars(select(events.c.natural_key)))
            noted = connection.execute(
                select(func.count(sends.c.delivered_at), func.count(sends.c.first_click_at))
            ).one()
            waiting = deliveries.waiting(connection)
        missing = set(natural_keys(items)) - set(keys)
        return cls(len(missing), len(keys) - len(items) + len(missing), *noted, waiting)


async def signals_of(servers: Servers, mails: Sequence[Mail]) -> Counter[int]:
    """Count how many of the listening workflows got how many signals, by their histories."""
    client = await servers.client()
    turns = asyncio.Semaphore(20)

    async def told(workflow_id: str) -> int:
        async with turns:
            history = await client.get_workflow_handle(workflow_id).fetch_history()
        signalled = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
        return sum(event.event_type == signalled for event in history.events)

    listening = [mail.workflow_id for mail in mails if mail.listens]
    return Counter(await asyncio.gather(*map(told, listening)))


def _told(storm: _Storm) -> list[Figure]:
    samples = storm.memory.samples["webhooks"] or [0]
    alive = percentile(storm.alive, 0.99)
    return [
        _count("events posted, repeats among them", storm.events),
        Figure(what="events taken", measured=storm.run.rate, unit="a second"),
        *_answers(storm.posted),
        Figure(what="GET /healthz meanwhile, p99", measured=alive, unit="ms"),
        Figure(
            what="memory of the webhooks app, more at the end than at the start",
            measured=samples[-1] - samples[0],
            unit="MiB",
            limit=_MOST_GROWTH_MB,
        ),
        *(
            Figure(what=f"CPU an event in {name}", measured=cost, unit="ms")
            for name, cost in storm.run.cpu.items()
            if name != "emulator"
        ),
        Figure(what="the last signal there, after the last answer", measured=storm.after, unit="s"),
    ]


def _answers(posted: Posted) -> list[Figure]:
    taken = [seconds * 1_000 for seconds in posted.seconds(HTTPStatus.NO_CONTENT)]
    p99 = percentile(taken, 0.99)
    return [
        Figure(what="taken batches, p50", measured=percentile(taken, 0.5), unit="ms"),
        Figure(what="taken batches, p99", measured=p99, unit="ms", limit=_SLOWEST_MS),
        Figure(what="taken batches, the slowest", measured=max(taken), unit="ms"),
        _count("batches answered 503", len(posted.seconds(HTTPStatus.SERVICE_UNAVAILABLE))),
        _none("of these, some of it stored all the same", posted.half_stored),
        _none("batches without an answer within 10 s", len(posted.seconds(None))),
    ]


def _kept(found: Found, mails: Sequence[Mail], signals: Counter[int]) -> list[Figure]:
    listeners = sum(mail.listens for mail in mails)
    return [
        _none("events lost", found.missing),
        _none("events stored twice", found.twice),
        _none("mails not known to be delivered", len(mails) - found.delivered),
        _none("clicks not known of their mails", listeners - found.clicked),
        _none("signals that were never brought", found.undelivered),
        _count("workflows that got their one signal", signals[1]),
        _none("workflows that got none, or several", listeners - signals[1]),
    ]


def _count(what: str, number: int) -> Figure:
    return Figure(what=what, measured=number, unit="")


def _none(what: str, number: int) -> Figure:
    return Figure(what=what, measured=number, unit="", limit=0)

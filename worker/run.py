"""Running a worker until the process is told to stop."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from typing import NamedTuple, TypeAlias

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.runtime import Runtime

from activities.live import LiveActivities
from activities.restoring.gauge import Gauge
from runtime.clock import wall_now
from runtime.connections import build_engine, connect_temporal
from runtime.mailing import Mailing
from runtime.settings import Settings
from runtime.telemetry import build_runtime
from starter.addresses import build_addresses
from starter.authored.promoting import keep_promoting
from starter.health import health
from starter.lists.starting import ListStarting
from starter.outgoing.bringing import Bringing
from starter.probing import keep_looking
from starter.restoring.watching import Watching
from starter.scheduling import keep_scheduled
from worker.build import QUEUES, Limits, build_workers
from worker.gauges import Gauges, keep_shown
from worker.noticing import build_feed, build_sendgrid, noticing

Work: TypeAlias = Coroutine[None, None, None]
"""What goes on beside the workers, for good."""

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what was claimed, for up to 30 seconds.

    Raises SettingsError if a setting is missing or wrong, UnreachableError without Temporal.
    """
    asyncio.run(_run(settings))


def build_activities(
    engine: Engine, mailing: Mailing, gauge: Gauge | None = None
) -> LiveActivities:
    """Build the real activities; raises SettingsError if a token key is too short."""
    sendgrid, addresses = build_sendgrid(mailing), build_addresses(mailing)
    return LiveActivities(engine, sendgrid, addresses, build_feed(mailing), gauge)


async def _run(settings: Settings) -> None:
    stop = _stop_on_signals()
    engine = build_engine(settings)
    settings.mailing()
    runtime = build_runtime(settings)
    client = await connect_temporal(settings, runtime)
    parts = _Parts(client, engine, Gauge())
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        watching = Watching(*parts)
        # Nothing goes out, and nothing new is swept, before it is known what was lost.
        if not await _before(stop, watching.first()):
            return
        for work in (*_works(client, engine), *_shown(client, engine, runtime), watching.run()):
            stack.callback(asyncio.create_task(work).cancel)
        await stack.enter_async_context(noticing(engine, settings))
        await _start(stack, parts, settings)
        log.info("the worker is ready")
        await stop.wait()
        log.info("the worker finishes what it has claimed")


class _Parts(NamedTuple):
    client: Client
    engine: Engine
    gauge: Gauge


async def _before(stop: asyncio.Event, work: Work) -> bool:
    """Do it unless we are told to stop first; tell which."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    is_done = doing.done()
    for one in (doing, stopping):
        one.cancel()
    return is_done


def _works(client: Client, engine: Engine) -> Iterator[Work]:
    yield Bringing(engine, _given(client)).run()
    yield keep_promoting(engine, wall_now)
    yield keep_looking(engine, wall_now)
    yield keep_scheduled(client)


def _shown(client: Client, engine: Engine, runtime: Runtime | None) -> Iterator[Work]:
    if runtime is not None:
        yield keep_shown(Gauges(runtime.metric_meter), partial(health, client, engine))


async def _start(stack: AsyncExitStack, parts: _Parts, settings: Settings) -> None:
    client, engine, gauge = parts
    activities = build_activities(engine, settings.mailing(), gauge)
    limits = Limits(settings.worker_slots, settings.sends_per_second)
    threads = stack.enter_context(ThreadPoolExecutor(limits.slots * QUEUES))
    lists = ListStarting(client, engine)
    beside = (
        activities.render_email,
        activities.check_suppression,
        activities.sweep_triggers,
        lists.start_rows,
    )
    workers = build_workers(client, activities, threads=threads, limits=limits, beside=beside)
    for worker in workers:
        await stack.enter_async_context(worker)


def _given(client: Client) -> Callable[[], Awaitable[Client]]:
    async def connected() -> Client:
        return client

    return connected


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for kind in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(kind, stop.set)
    return stop

"""Running a worker until the process is told to stop."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

from sqlalchemy import Engine
from temporalio.client import Client

from activities.addresses import Addresses
from activities.live import LiveActivities
from activities.sendgrid import SendGrid
from inbound.tokens import Keys
from runtime.connections import build_engine, connect_temporal
from runtime.settings import Mailing, Settings, SettingsError, variable
from runtime.telemetry import build_runtime
from schemas.activities import EnrollmentActivities
from starter.relay import Relay, TemporalSignals
from worker.build import build_workers

_QUEUES = 2

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what was claimed, for up to 30 seconds.

    Raises SettingsError if a setting is missing or wrong, UnreachableError without Temporal.
    """
    asyncio.run(_run(settings))


def build_activities(engine: Engine, mailing: Mailing) -> LiveActivities:
    """Build the real activities; raises SettingsError if a token key is too short."""
    sendgrid = SendGrid(
        mailing.sendgrid_api_key.get_secret_value(),
        mailing.sendgrid_url,
        sandbox=mailing.sendgrid_sandbox,
    )
    addresses = Addresses(
        public_url=mailing.public_url,
        mail_domain=mailing.mail_domain,
        keys=_keys(mailing),
        inbound_domain=mailing.inbound_domain,
    )
    return LiveActivities(engine, sendgrid, addresses)


async def _run(settings: Settings) -> None:
    stop = _stop_on_signals()
    engine = build_engine(settings)
    activities = build_activities(engine, settings.mailing())
    client = await connect_temporal(settings, build_runtime(settings))
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        relay = asyncio.create_task(Relay(engine, TemporalSignals(_given(client))).run())
        stack.callback(relay.cancel)
        await _start(stack, client, activities, settings)
        log.info("the worker is ready")
        await stop.wait()
        log.info("the worker finishes what it has claimed")


async def _start(
    stack: AsyncExitStack, client: Client, activities: EnrollmentActivities, settings: Settings
) -> None:
    slots = settings.worker_slots
    threads = stack.enter_context(ThreadPoolExecutor(slots * _QUEUES))
    workers = build_workers(
        client,
        activities,
        threads=threads,
        slots=slots,
        sends_per_second=settings.sends_per_second,
    )
    for worker in workers:
        await stack.enter_async_context(worker)


def _given(client: Client) -> Callable[[], Awaitable[Client]]:
    async def connected() -> Client:
        return client

    return connected


def _keys(mailing: Mailing) -> Keys:
    try:
        return Keys.of([key.get_secret_value() for key in mailing.token_keys])
    except ValueError as error:
        raise SettingsError(f"{variable('token_keys')} is wrong: {error}") from None


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for kind in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(kind, stop.set)
    return stop

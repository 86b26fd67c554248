"""Brings committed signals to Temporal: at once when asked to, and again until they are there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from typing_extensions import override

from activities.endings import pass_on_vanished
from schemas.events import Event, Turn
from storage import deliveries, enrolled
from storage.deliveries import Delivery

_BATCH = 100
_PATIENCE = timedelta(seconds=10)
_EVERY_SECONDS = 2.0

log = logging.getLogger(__name__)


class Signals(Protocol):
    """What carries a signal to a running workflow."""

    async def signal(self, workflow_id: str, event: Event) -> bool:
        """Bring it, or tell that no such workflow runs; raises OSError or RPCError otherwise."""


@dataclass(frozen=True)
class _Outcome:
    delivery: Delivery
    gone: bool = False
    fault: str = ""

    @property
    def is_there(self) -> bool:
        return not self.gone and not self.fault


class TemporalSignals(Signals):
    """Signals through a client that is connected when the first one is due."""

    def __init__(self, connect: Callable[[], Awaitable[Client]]) -> None:
        self._connect = connect

    @override
    async def signal(self, workflow_id: str, event: Event) -> bool:
        """Bring it under the name of its kind."""
        client = await self._connect()
        try:
            await client.get_workflow_handle(workflow_id).signal(
                event.kind, event, rpc_timeout=_PATIENCE
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True


async def deliver_pending(engine: Engine, client: Client) -> int:
    """Bring one batch of what is laid out, and tell how many signals arrived."""

    async def connected() -> Client:
        return client

    return await deliver(engine, TemporalSignals(connected))


async def deliver(engine: Engine, signals: Signals) -> int:
    """Bring one batch, and tell how many signals arrived.

    What fails stays laid out; what has no workflow any more is put aside. When cancelled it
    finishes first.
    """
    loop = asyncio.get_running_loop()
    batch = loop.create_task(asyncio.to_thread(_deliver, engine, signals, loop))
    try:
        return await asyncio.shield(batch)
    except asyncio.CancelledError:
        await batch
        raise


def _deliver(engine: Engine, signals: Signals, loop: asyncio.AbstractEventLoop) -> int:
    with engine.begin() as connection:
        pending = deliveries.undelivered(connection, _BATCH)
        bringing = asyncio.run_coroutine_threadsafe(_bring_all(signals, pending), loop)
        return _record(connection, bringing.result())


async def _bring_all(signals: Signals, pending: list[Delivery]) -> list[_Outcome]:
    return await asyncio.gather(*(_bring(signals, delivery) for delivery in pending))


class Relay:
    """Brings signals in the background: when nudged, and every few seconds whatever happens."""

    def __init__(self, engine: Engine, signals: Signals) -> None:
        self._engine = engine
        self._signals = signals
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Ask it to look for new signals now; to be called in the event loop."""
        self._nudged.set()

    async def run(self) -> None:
        """Bring signals until cancelled; a server that does not answer is asked again later."""
        while True:
            self._nudged.clear()
            await self._drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), _EVERY_SECONDS)

    async def _drain(self) -> None:
        try:
            # What arrived may have had others waiting behind it.
            while await deliver(self._engine, self._signals):
                pass
        except (OperationalError, InterfaceError, NoConnectionLeft) as error:
            log.warning("signals wait: PostgreSQL does not answer (%s)", type(error).__name__)
        except Exception:  # a loop that dies would leave all later signals lying
            log.exception("signals wait for a fault of our own")


async def _bring(signals: Signals, delivery: Delivery) -> _Outcome:
    try:
        there = await signals.signal(delivery.workflow_id, delivery.event)
    except RPCError as error:
        return _Outcome(delivery, fault=f"Temporal answered {error.status.name}")
    except OSError as error:
        return _Outcome(delivery, fault=type(error).__name__)
    return _Outcome(delivery, gone=not there)


def _record(connection: Connection, outcomes: list[_Outcome]) -> int:
    brought = [outcome.delivery.id for outcome in outcomes if outcome.is_there]
    deliveries.delivered(connection, brought)
    for outcome in outcomes:
        if not outcome.is_there:
            _record_failure(connection, outcome)
    closed = [one.delivery.event for one in outcomes if _is_for_nobody(connection, one)]
    pass_on_vanished(connection, [event for event in closed if isinstance(event, Turn)])
    return len(brought)


def _record_failure(connection: Connection, outcome: _Outcome) -> None:
    delivery = outcome.delivery
    if _is_for_nobody(connection, outcome):
        deliveries.gone(connection, delivery.id, "its workflow is closed")
        return
    why = outcome.fault or "its workflow has not begun yet"
    log.warning("a signal waits (%s, tried %d times)", why, delivery.attempts + 1)
    deliveries.failed(connection, delivery.id, why)


def _is_for_nobody(connection: Connection, outcome: _Outcome) -> bool:
    return outcome.gone and not _will_begin(connection, outcome.delivery.workflow_id)


def _will_begin(connection: Connection, workflow_id: str) -> bool:
    row = enrolled.find(connection, workflow_id)
    return row is not None and row.run_id is None and row.closed_wall is None

"""All that is committed in PostgreSQL and brought to Temporal afterwards: signals and starts."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import Engine
from temporalio.client import Client

from starter.outgoing.relay import Relay, TemporalSignals, deliver_pending
from starter.outgoing.starting import Starting, start_pending, starter_of


class Bringing:
    """Brings both in the background, neither waiting for the other."""

    def __init__(self, engine: Engine, connect: Callable[[], Awaitable[Client]]) -> None:
        self._signals = Relay(engine, TemporalSignals(connect))
        self._starts = Starting(engine, starter_of(connect, engine))

    def nudge(self) -> None:
        """Ask it to look for new ones now; to be called in the event loop."""
        self._signals.nudge()
        self._starts.nudge()

    async def run(self) -> None:
        """Bring them until cancelled."""
        await asyncio.gather(self._signals.run(), self._starts.run())


async def bring_pending(engine: Engine, client: Client) -> None:
    """Bring one batch of each."""
    await deliver_pending(engine, client)
    await start_pending(engine, client)

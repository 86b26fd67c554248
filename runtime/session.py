"""The connections of one short-lived command: opened when first asked for, closed at its end."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Engine
from temporalio.client import Client

from runtime.connections import build_engine, connect_temporal
from runtime.settings import Settings

Answer = TypeVar("Answer")

# A short-lived client sometimes aborts while Temporal's core shuts down (sdk-python issue 300).
_BREATH_SECONDS = 0.1


class Session:
    """PostgreSQL and Temporal as the settings say; what is not used is not connected."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._client: Client | None = None
        self._asked = False

    @cached_property
    def engine(self) -> Engine:
        """The pool of connections to PostgreSQL."""
        return build_engine(self.settings)

    async def client(self) -> Client:
        """Connect to Temporal once; raises UnreachableError if no server answers."""
        self._asked = True
        if self._client is None:
            self._client = await connect_temporal(self.settings)
        return self._client

    async def close(self) -> None:
        """Close what was opened."""
        if "engine" in self.__dict__:
            self.engine.dispose()
        if self._asked:
            await asyncio.sleep(_BREATH_SECONDS)


def in_session(settings: Settings, work: Callable[[Session], Awaitable[Answer]]) -> Answer:
    """Run `work` in an event loop of its own with a session that is closed afterwards."""
    return asyncio.run(_closed_after(Session(settings), work))


async def _closed_after(session: Session, work: Callable[[Session], Awaitable[Answer]]) -> Answer:
    try:
        return await work(session)
    finally:
        await session.close()

"""How much is taken in at once: the rest waits a moment, and is then asked to come again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta


class TooMuchAtOnceError(Exception):
    """So much is under way that this was not begun."""


@dataclass(frozen=True)
class Bound:
    """How many requests are worked on at once at one door, and how long others wait their turn.

    All doors together must leave some of the process's connections to PostgreSQL.
    """

    at_once: int = 2
    patience: timedelta = timedelta(seconds=0.5)


class Gate:
    """Lets requests in at one door, those that came first first."""

    def __init__(self, bound: Bound) -> None:
        self._turns = asyncio.Semaphore(bound.at_once)
        self._patience = bound.patience.total_seconds()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold a turn meanwhile; raises TooMuchAtOnceError if none comes in time."""
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError:
            raise TooMuchAtOnceError from None
        try:
            yield
        finally:
            self._turns.release()

"""A worker that dies in the middle of its work, where that is asked for."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from devstack.emulator.client import EmulatorClient

_POLL_SECONDS = 0.005


class Trouble:
    """Kills the worker with SIGKILL once, as soon as a slice `after` that one sends a mail."""

    def __init__(
        self, emulator: EmulatorClient, worker: Callable[[], int], after: int | None
    ) -> None:
        self._emulator = emulator
        self._worker = worker
        self._after = after

    @asynccontextmanager
    async def within(self, number: int) -> AsyncIterator[None]:
        """Strike, or not, while the slice of this number runs (the first one is 1)."""
        if self._after is None or number <= self._after:
            yield
            return
        killing = asyncio.create_task(self._kill())
        try:
            yield
        finally:
            killing.cancel()
            await asyncio.wait([killing])

    async def _kill(self) -> None:
        before = (await self._emulator.counts()).mails
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            if (await self._emulator.counts()).mails > before:
                break
        os.kill(self._worker(), signal.SIGKILL)
        self._after = None

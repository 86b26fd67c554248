"""What is looked at again and again while a load is on: memory, and how soon a door answers."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from bench.machine import resident_bytes

_MEBIBYTE = 1024 * 1024


class Memory:
    """How much memory each process had, in MiB, second by second."""

    def __init__(self, pids: Mapping[str, int], names: tuple[str, ...]) -> None:
        self._pids = {name: pids[name] for name in names}
        self.samples: dict[str, list[float]] = {name: [] for name in names}

    async def look(self) -> None:
        """Take one sample."""
        for name, pid in self._pids.items():
            self.samples[name].append(resident_bytes(pid) / _MEBIBYTE)


@asynccontextmanager
async def again(look: Callable[[], Awaitable[None]], every: float) -> AsyncIterator[None]:
    """Look every so many seconds meanwhile."""

    async def looking() -> None:
        while True:
            began = time.monotonic()
            await look()
            await asyncio.sleep(max(0, every - (time.monotonic() - began)))

    task = asyncio.create_task(looking())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

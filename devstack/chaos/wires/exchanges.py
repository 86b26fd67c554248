"""A door that reads each request whole before anybody decides what becomes of it."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from devstack.chaos.wires.messages import answer, asked, read_message
from devstack.ports import LOOPBACK

_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True)
class Exchange:
    """One request that `door` has read, from a client that may still listen."""

    door: str
    request: bytes
    to: int
    reader: StreamReader
    writer: StreamWriter

    async def forward(self) -> bytes | None:
        """Bring the request to the server and give its answer, if one comes."""
        return await asked(self.to, self.request)

    async def reply(self, message: bytes | None) -> None:
        """Give the client this answer; None: hang up."""
        if message is None:
            self.hang_up()
        else:
            await answer(self.writer, message)

    async def gone(self, within: float) -> None:
        """Wait until the client has given up, at most so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self.reader.read(1)
        except (TimeoutError, OSError):
            return

    def hang_up(self) -> None:
        """Reset the connection."""
        self.writer.transport.abort()


Decide = Callable[[Exchange], Awaitable[None]]
"""Decides what becomes of a request, and lets it happen."""


class Door:
    """Listens on `port` before the server on `to`, and lets `decide` have each request."""

    def __init__(self, name: str, port: int, to: int, decide: Decide) -> None:
        self.name, self.port, self.to = name, port, to
        self._decide = decide
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, LOOPBACK, self.port, limit=_LIMIT, backlog=512
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while request := await read_message(reader):
                await self._decide(Exchange(self.name, request, self.to, reader, writer))
        except (OSError, asyncio.CancelledError):
            return
        finally:
            writer.close()

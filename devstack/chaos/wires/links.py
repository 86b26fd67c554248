"""A link: passes bytes on between clients and a server, until it is cut, deaf, mute or held."""

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from types import TracebackType
from typing import Self

from devstack.ports import LOOPBACK

_CHUNK = 65_536


class Link:
    """Listens on `port` and passes on to `to`; runs in the event loop that starts it."""

    def __init__(self, port: int, to: int) -> None:
        self.port, self._to = port, to
        self.is_deaf = False
        """What clients send is swallowed."""
        self.is_mute = False
        """What the server answers is swallowed."""
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._writers: set[StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Reset every connection that there is."""
        for writer in list(self._writers):
            writer.transport.abort()

    def hold(self) -> None:
        """Let nothing through, in either direction; nothing is lost."""
        self._flows.clear()

    def release(self) -> None:
        """Let through what was held."""
        self._flows.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port, backlog=512)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        try:
            await self._connect(reader, writer)
        except (OSError, asyncio.CancelledError):
            return
        finally:
            self._drop(writer)

    async def _connect(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await asyncio.open_connection(LOOPBACK, self._to)
        self._writers.add(back)
        try:
            pumps = (self._pump(reader, back, "is_deaf"), self._pump(there, writer, "is_mute"))
            await _until_one_ends(*(asyncio.ensure_future(pump) for pump in pumps))
        finally:
            self._drop(back)

    async def _pump(self, source: StreamReader, sink: StreamWriter, swallows: str) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                await self._flows.wait()
                if not getattr(self, swallows):
                    sink.write(data)
                    await sink.drain()

    def _drop(self, writer: StreamWriter) -> None:
        self._writers.discard(writer)
        writer.close()


async def _until_one_ends(*pumps: asyncio.Future[None]) -> None:
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

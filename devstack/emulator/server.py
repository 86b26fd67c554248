"""The emulator as a server: in the caller's own loop, or as a program of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from devstack.emulator.app import build_emulator
from devstack.emulator.config import EmulatorConfig
from devstack.emulator.moments import Clock, wall_clock

# A hanging answer must not keep the server from ending.
_LAST_WORDS = 1
_BACKLOG = 2048
_TICK = 0.1  # seconds between uvicorn's own rounds


class _GuestServer(uvicorn.Server):
    """A server in a loop that belongs to somebody else, as do the signals; it leaves at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        self.should_exit = True
        self._leaving.set()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @override
    async def main_loop(self) -> None:
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), _TICK)


@asynccontextmanager
async def running_emulator(
    config: EmulatorConfig, *, host: str = "127.0.0.1", port: int = 0, clock: Clock = wall_clock
) -> AsyncIterator[str]:
    """Serve in this loop; give the address, such as `http://127.0.0.1:4010` (port 0: a free one).

    Raises OSError if the port is taken.
    """
    async with running_app(build_emulator(config, clock), host=host, port=port) as address:
        yield address


@asynccontextmanager
async def running_app(
    app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Serve any application in this loop; give its address (port 0: a free one).

    Raises OSError if the port is taken.
    """
    listener = _listen(host, port)
    server = _GuestServer(_server_config(app))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        # The socket listens already: whoever connects early waits in its backlog.
        yield _address(host, listener)
    finally:
        server.leave()
        await serving
        listener.close()


def serve(config: EmulatorConfig, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until a signal ends it; `announce` is told the address once it can be reached.

    Raises OSError if the port is taken.
    """
    with _listen(host, port) as listener:
        server = uvicorn.Server(_server_config(build_emulator(config)))
        announce(_address(host, listener))
        server.run(sockets=[listener])


def _address(host: str, listener: socket.socket) -> str:
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{listener.getsockname()[1]}"


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def _server_config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_LAST_WORDS,
    )

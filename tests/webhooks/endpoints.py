"""Endpoints on loopback that answer webhooks as a script says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_ENOUGH = 60


@dataclass
class Posted:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Endpoint:
    """A server and what was posted to it; `hang` holds answers back until `release` is set."""

    answer: Callable[[int], str]
    port: int = 0
    posted: list[Posted] = field(default_factory=list)
    hangs: bool = False
    release: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.posted.append(await _request(reader))
            self.came.set()
            if self.hangs:
                await asyncio.wait_for(self.release.wait(), _ENOUGH)
            writer.write(self.answer(len(self.posted)).encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def answering(*statuses: int, **headers: str) -> Callable[[int], str]:
    """Answer with these statuses one after the other, the last one for ever."""

    def answer(count: int) -> str:
        status = statuses[min(count, len(statuses)) - 1]
        lines = [f"HTTP/1.1 {status} Word", "Content-Length: 0", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""])

    return answer


@asynccontextmanager
async def an_endpoint(
    answer: Callable[[int], str] | None = None, *, hangs: bool = False
) -> AsyncIterator[Endpoint]:
    """Serve on a free port until the end."""
    endpoint = Endpoint(answer or answering(204), hangs=hangs)
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    endpoint.port = server.sockets[0].getsockname()[1]
    try:
        async with server:
            yield endpoint
            endpoint.release.set()
    finally:
        endpoint.release.set()


async def _request(reader: asyncio.StreamReader) -> Posted:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    cased = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    body = await reader.readexactly(int(headers["content-length"]))
    return Posted(head[0].split()[1], {k.lower(): v for k, v in cased.items()}, body)

"""HTTP messages as whole byte strings, just enough of HTTP/1.1 for our own programs."""

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

from devstack.ports import LOOPBACK

_LENGTH = b"content-length:"
_LARGEST = 64 * 1024 * 1024


async def read_message(reader: StreamReader) -> bytes | None:
    """Read one request or answer whole; None if the other side ends before that."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        return head + await reader.readexactly(_length(head))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        return None


async def asked(port: int, request: bytes) -> bytes | None:
    """Bring a request to a server on a connection of its own; None if no answer comes."""
    try:
        reader, writer = await asyncio.open_connection(LOOPBACK, port, limit=_LARGEST)
    except OSError:
        return None
    try:
        with suppress(OSError):
            writer.write(request)
            await writer.drain()
        return await read_message(reader)
    finally:
        writer.transport.abort()


async def answer(writer: StreamWriter, message: bytes) -> None:
    """Give an answer to who still listens."""
    with suppress(OSError):
        writer.write(message)
        await writer.drain()


def refusal(status: int, word: str, *headers: str) -> bytes:
    """Make an answer in SendGrid's form."""
    body = f'{{"errors":[{{"message":"{word}","field":null,"help":null}}]}}'.encode()
    lines = [f"HTTP/1.1 {status} {word}", "Content-Type: application/json", *headers]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


def status_of(message: bytes) -> int:
    """Give the status of an answer."""
    return int(message.split(b" ", 2)[1])


def body_of(message: bytes) -> bytes:
    """Give what follows the head."""
    return message.partition(b"\r\n\r\n")[2]


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(_LENGTH):
            return min(int(line.removeprefix(_LENGTH)), _LARGEST)
    return 0

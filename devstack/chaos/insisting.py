"""What drives a chaos run: connections of its own to all that runs, and calls that go on trying."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from sqlalchemy.exc import DBAPIError
from temporalio.service import RPCError

Answer = TypeVar("Answer")

_AGAIN_SECONDS = 0.5
_LOST = (httpx.TransportError, DBAPIError, RPCError, OSError)
_SERVER_ERROR = 500


async def insisted(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask until an answer comes, as whoever calls us must: servers are away now and then."""
    while True:
        try:
            return await ask()
        except _LOST:
            await asyncio.sleep(_AGAIN_SECONDS)


async def posted(web: httpx.AsyncClient, path: str, body: dict[str, object]) -> httpx.Response:
    """Post until it is answered by anything but a fault of the server."""
    while True:
        answer = await insisted(lambda: web.post(path, json=body))
        if answer.status_code < _SERVER_ERROR:
            return answer
        await asyncio.sleep(_AGAIN_SECONDS)

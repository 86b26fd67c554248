"""Looking at something outside until what is seen fits: the fact that a test waits for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

Seen = TypeVar("Seen")

_LIMIT = 90.0
_PAUSE = 0.05


async def until(look: Callable[[], Awaitable[Seen]], fits: Callable[[Seen], object]) -> Seen:
    """Look again and again until it fits, and give what was seen; too late is a failure."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _LIMIT
    while True:
        seen = await look()
        if fits(seen):
            return seen
        if loop.time() > deadline:
            pytest.fail(f"This is still so after {_LIMIT:g} s: {seen}")
        await asyncio.sleep(_PAUSE)

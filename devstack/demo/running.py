"""Running the demo's coroutine: something watched beside it, interrupts taken in the event loop."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

Answer = TypeVar("Answer")

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(work: Coroutine[None, None, Answer], watch: Coroutine[None, None, None]) -> Answer:
    """Do `work` while `watch` goes on; whatever either raises ends both.

    Raises KeyboardInterrupt at Ctrl-C, SIGTERM or SIGHUP, when both have been cancelled: one that
    struck in the midst of asyncio's own work would leave tasks behind.
    """
    try:
        return asyncio.run(_interruptible(_beside(work, watch)))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _interruptible(work: Coroutine[None, None, Answer]) -> Answer:
    task = asyncio.create_task(work)
    with _cancelled_by_signals(task):
        return await task


@contextmanager
def _cancelled_by_signals(task: asyncio.Task[Answer]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number, disposition in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, disposition)


async def _beside(
    work: Coroutine[None, None, Answer], watch: Coroutine[None, None, None]
) -> Answer:
    worked, watched = asyncio.create_task(work), asyncio.create_task(watch)
    try:
        await asyncio.wait({worked, watched}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        worked.cancel()
        watched.cancel()
        await asyncio.wait({worked, watched})
    if worked.cancelled():
        watched.result()
    return worked.result()

"""The bare workflows' worker, as a program: `python -m bench.bareworker ADDRESS SLOTS`."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.bare import QUEUE_BARE, QUEUE_BARE_STEP, Bare, BareSleeper, BareWaker, record, step
from worker.build import Limits, Work, build_worker

READY = "the bare worker is ready"


async def _work(address: str, slots: int) -> None:
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    deciding = Work(QUEUE_BARE, [Bare, BareSleeper, BareWaker], [record])
    stepping = Work(QUEUE_BARE_STEP, activities=[step])
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(slots * 2))
        for work in (deciding, stepping):
            worker = build_worker(client, work, threads=threads, limits=Limits(slots))
            await stack.enter_async_context(worker)
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], int(sys.argv[2])))

"""Starts a list's rows, as a program: `python -m tests.lists.starting URL ADDRESS LIST`.

It says a line after each batch.
"""

import asyncio
import sys
from uuid import UUID

from sqlalchemy import create_engine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from starter.lists import starting


async def _start(url: str, address: str, list_id: UUID) -> None:
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    rows = starting.Rows(client, create_engine(url, pool_size=20), list_id, _told)
    await rows.start(lambda _: None)


def _told() -> bool:
    sys.stdout.write("a batch\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    starting.BATCH = 16
    asyncio.run(_start(sys.argv[1], sys.argv[2], UUID(sys.argv[3])))

"""What the demo holds in its hands: connections to all that runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
from sqlalchemy import Engine, QueuePool
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.emulator.client import EmulatorClient
from runtime.connections import build_engine
from runtime.settings import Settings
from runtime.stackfile import StackFile

_SECONDS = 30
_PAUSE_SECONDS, _TRIES = 0.02, 1500


@dataclass(frozen=True)
class Stage:
    """Temporal, PostgreSQL, the emulator's control API, and our own HTTP app with its key."""

    record: StackFile
    client: Client
    engine: Engine
    emulator: EmulatorClient
    web: httpx.AsyncClient


@asynccontextmanager
async def open_stage(record: StackFile) -> AsyncIterator[Stage]:
    """Connect to a running stack, whatever the shell's own settings say; close at the end."""
    async with AsyncExitStack() as exits:
        engine = build_engine(Settings.model_validate(record.model_dump()))
        exits.push_async_callback(close_all, engine)
        client = await Client.connect(
            record.temporal_address,
            namespace=record.temporal_namespace,
            data_converter=pydantic_data_converter,
        )
        emulator = await exits.enter_async_context(EmulatorClient(record.inbox_url))
        web = httpx.AsyncClient(
            base_url=record.public_url,
            headers={"Authorization": f"Bearer {record.api_key}"},
            trust_env=False,
            timeout=_SECONDS,
        )
        yield Stage(record, client, engine, emulator, await exits.enter_async_context(web))


async def close_all(engine: Engine) -> None:
    """Close all connections, those last that a thread still has whose asker was cancelled.

    One that comes back later than this would never be closed.
    """
    for _ in range(_TRIES):
        if not (isinstance(engine.pool, QueuePool) and engine.pool.checkedout()):
            break
        await asyncio.sleep(_PAUSE_SECONDS)
    engine.dispose()

"""A worker that starts: it stops all sending for what was restored, and for nothing else."""

import asyncio
import logging
from uuid import uuid4

from sqlalchemy import Engine, create_engine
from temporalio.client import Client
from typing_extensions import override

from activities.restoring.gauge import Gauge
from starter import braking
from starter.restoring import watching
from starter.restoring.watching import Watching
from storage.schema.tide_tables import tides
from tests.restoring.sweeping import Sweeper, alter


class Said(logging.Handler):
    """What is logged, and the fact that something is."""

    def __init__(self) -> None:
        super().__init__()
        self.something, self.words = asyncio.Event(), ""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.words += record.getMessage()
        self.something.set()


def whys(engine: Engine) -> list[str]:
    return [one.why.partition(":")[0] for one in braking.standing(engine)]


async def test_a_worker_that_starts_on_an_older_database_stops_all(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    await sweeper.sweep()
    alter(engine, height=tides.c.height - 1)

    await Watching(client, engine, Gauge()).first()

    assert whys(engine) == [
        "PostgreSQL was restored from a backup, and what was committed after it is lost"
    ]


async def test_a_worker_that_starts_with_an_older_temporal_stops_all(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    await sweeper.sweep()
    alter(engine, sweep_run=str(uuid4()))

    await Watching(client, engine, Gauge()).first()

    assert whys(engine) == ["Temporal was restored from a backup, and what it did after it is lost"]


async def test_workers_that_start_on_what_belongs_together_stop_nothing(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    await Watching(client, engine, Gauge()).first()
    await sweeper.sweep()
    await Watching(client, engine, Gauge()).first()

    assert whys(engine) == []


async def test_a_worker_waits_until_postgresql_answers(client: Client, engine: Engine) -> None:
    nowhere = create_engine(engine.url.set(port=1), hide_parameters=True)
    said = Said()
    watching.log.addHandler(said)
    waiting = asyncio.create_task(Watching(client, nowhere, Gauge()).first())
    await said.something.wait()
    watching.log.removeHandler(said)

    assert not waiting.done()
    assert "PostgreSQL does not answer" in said.words
    waiting.cancel()
    nowhere.dispose()

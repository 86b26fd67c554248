"""What tests of restoring share: a Temporal server of their own, an empty database, a sweeper."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from activities.live import LiveActivities
from activities.mailing.sendgrid import SendGrid
from activities.restoring.gauge import Gauge
from devstack.temporal import EmbeddedTemporal
from schemas.names import QUEUE_ENROLLMENTS, SEARCH_ATTRIBUTES
from tests.activities.world import ADDRESSES
from tests.restoring.sweeping import Sweeper
from workflows.sweep import TriggerSweep

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def own_temporal() -> Iterator[EmbeddedTemporal]:
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES) as server:
        yield server


@pytest.fixture
async def client(own_temporal: EmbeddedTemporal) -> Client:
    return await Client.connect(own_temporal.address, data_converter=pydantic_data_converter)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True)
    yield made
    made.dispose()


@pytest.fixture
def gauge() -> Gauge:
    return Gauge()


@pytest.fixture
async def sweeper(client: Client, engine: Engine, gauge: Gauge) -> AsyncIterator[Sweeper]:
    live = LiveActivities(engine, SendGrid("SG.none", NOWHERE), ADDRESSES, gauge=gauge)
    with ThreadPoolExecutor(2) as threads:
        worker = Worker(
            client,
            task_queue=QUEUE_ENROLLMENTS,
            workflows=[TriggerSweep],
            activities=[live.sweep_triggers],
            activity_executor=threads,
        )
        async with worker:
            yield Sweeper(client)

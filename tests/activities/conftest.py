"""What tests of activities share: a world of its own for each."""

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine

from devstack.emulator.client import EmulatorClient
from devstack.emulator.config import EmulatorConfig
from devstack.emulator.server import running_emulator
from tests.activities.world import KEY, World, live_activities


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True)
    yield made
    made.dispose()


@pytest.fixture
async def world(engine: Engine) -> AsyncIterator[World]:
    async with (
        running_emulator(EmulatorConfig(api_key=SecretStr(KEY))) as url,
        EmulatorClient(url) as emulator,
    ):
        yield World(engine, emulator, url, live_activities(engine, url))

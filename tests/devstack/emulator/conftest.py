"""The desk that most tests of the emulator sit at."""

from collections.abc import AsyncIterator

import pytest

from devstack.emulator.server import running_app
from tests.devstack.emulator.desk import Desk, Switchboard, a_desk


@pytest.fixture(scope="session")
async def switchboard() -> AsyncIterator[Switchboard]:
    switchboard = Switchboard()
    async with running_app(switchboard) as switchboard.address:
        yield switchboard


@pytest.fixture
async def desk(switchboard: Switchboard) -> AsyncIterator[Desk]:
    async with a_desk(switchboard) as desk:
        yield desk

"""A stage on the shared server."""

from collections.abc import AsyncIterator

import pytest

from devstack.temporal import EmbeddedTemporal
from tests.stage import Stage, a_stage


@pytest.fixture
async def stage(temporal: EmbeddedTemporal) -> AsyncIterator[Stage]:
    async with a_stage(temporal.address) as stage:
        yield stage

"""What storage tests share: an engine on a fresh database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, create_engine

from tests.storage.rivals import Rivals


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True, pool_size=20)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as opened:
        yield opened


@pytest.fixture
def rivals(engine: Engine) -> Iterator[Rivals]:
    with ThreadPoolExecutor(max_workers=16) as threads:
        yield Rivals(engine, threads)

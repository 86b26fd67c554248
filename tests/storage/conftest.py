"""What storage tests share: one database for what is rolled back, a fresh one for the rest."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, create_engine

from devstack.postgres import EmbeddedPostgres
from tests.storage.rivals import Rivals

_SHARED = "storage_shared"


@pytest.fixture(scope="session")
def shared_engine(postgres: EmbeddedPostgres, template_database: str) -> Iterator[Engine]:
    postgres.create_database(_SHARED, template=template_database)
    made = create_engine(postgres.url_of(_SHARED), hide_parameters=True)
    yield made
    made.dispose()


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    with shared_engine.connect() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True, pool_size=20)
    yield made
    made.dispose()


@pytest.fixture
def rivals(engine: Engine) -> Iterator[Rivals]:
    with ThreadPoolExecutor(max_workers=16) as threads:
        yield Rivals(engine, threads)

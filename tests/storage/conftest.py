"""What storage tests share: an engine on a fresh database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as opened:
        yield opened

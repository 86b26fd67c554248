"""What tests of triggers share: an app and its customers, on a fresh database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from tests.triggers.app import App


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True)
    yield made
    made.dispose()


@pytest.fixture
def app(engine: Engine) -> App:
    return App(engine)

"""What tests of lists share: a database of their own, and files to read."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True, pool_size=20)
    yield made
    made.dispose()

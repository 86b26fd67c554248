"""What tests of much at once share: one database, empty for each life, and folders to publish."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine

from devstack.postgres import EmbeddedPostgres
from tests.rush.folders import written
from tests.rush.hesitating import may_hesitate
from tests.rush.rush import Ground

_DATABASE = "rush_database"
# Who waits in a circle is to be found soon, and nobody waits for ever.
_OPTIONS = "-c deadlock_timeout=100ms -c lock_timeout=20s"


@pytest.fixture(scope="session")
def engine(postgres: EmbeddedPostgres, template_database: str) -> Iterator[Engine]:
    postgres.create_database(_DATABASE, template=template_database)
    made = create_engine(
        postgres.url_of(_DATABASE),
        hide_parameters=True,
        pool_size=20,
        connect_args={"options": _OPTIONS},
    )
    may_hesitate(made)
    yield made
    made.dispose()
    postgres.drop_database(_DATABASE)


@pytest.fixture(scope="session")
def ground(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(engine, written(tmp_path_factory.mktemp("rush")))


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool

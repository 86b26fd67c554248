"""The servers that tests share: one of each for a pytest process, a fresh database a test."""

import secrets
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from devstack.postgres import EmbeddedPostgres
from devstack.temporal import EmbeddedTemporal
from schemas.names import SEARCH_ATTRIBUTES

_TEMPLATE = "template_database"

# A busy machine is no fault of what is tested.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("unhurried", _UNHURRIED)
settings.register_profile("long", _UNHURRIED, max_examples=20_000)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres() as server:
        yield server


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedPostgres) -> str:
    postgres.create_database(_TEMPLATE)
    from storage.migrate import upgrade  # noqa: PLC0415  (0.8 s that pure tests need not pay)

    upgrade(postgres.url_of(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def database_url(postgres: EmbeddedPostgres, template_database: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    postgres.create_database(name, template=template_database)
    yield postgres.url_of(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def temporal() -> Iterator[EmbeddedTemporal]:
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES) as server:
        yield server

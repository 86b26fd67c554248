"""The servers that tests share: one of each for a pytest process, a fresh database a test."""

import secrets
from collections.abc import Iterator
from importlib import import_module

import pytest

from devstack.postgres import EmbeddedPostgres
from devstack.temporal import EmbeddedTemporal

_TEMPLATE = "template_database"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres() as server:
        yield server


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedPostgres) -> str:
    postgres.create_database(_TEMPLATE)
    import_module("storage.migrate").upgrade(postgres.url_of(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def database_url(postgres: EmbeddedPostgres, template_database: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    postgres.create_database(name, template=template_database)
    yield postgres.url_of(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def temporal() -> Iterator[EmbeddedTemporal]:
    search_attributes = import_module("schemas.names").SEARCH_ATTRIBUTES
    with EmbeddedTemporal(search_attributes=search_attributes) as server:
        yield server

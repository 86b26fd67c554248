"""The migrations, against the tables that the code knows."""

from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from devstack.postgres import EmbeddedPostgres
from storage.migrate import is_current, upgrade
from storage.schema import (
    authored_tables,
    brake_tables,
    cap_tables,
    identity_tables,
    ledger_tables,
    list_tables,
    outgoing_tables,
    pace_tables,
    tables,
    tide_tables,
    trigger_tables,
    turn_tables,
    wish_tables,
)

_ROOMS = (
    tables,
    authored_tables,
    brake_tables,
    cap_tables,
    outgoing_tables,
    pace_tables,
    tide_tables,
    trigger_tables,
    identity_tables,
    ledger_tables,
    list_tables,
    turn_tables,
    wish_tables,
)
_TABLES = _ROOMS[0].contacts.metadata
_SHAPES = text(
    """
    SELECT indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
    """
)


def _shapes(connection: Connection) -> set[str]:
    return set(connection.scalars(_SHAPES))


def test_migrated_tables_are_those_that_the_code_knows(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})

    difference = compare_metadata(context, _TABLES)

    assert difference == []


def test_migrated_constraints_and_indexes_are_those_that_the_code_knows(
    connection: Connection, postgres: EmbeddedPostgres
) -> None:
    postgres.create_database("from_metadata")
    fresh = create_engine(postgres.url_of("from_metadata"), poolclass=NullPool)

    with fresh.begin() as other:
        _TABLES.create_all(other)
        other.execute(text("CREATE TABLE alembic_version (version_num text)"))
        expected = _shapes(other)
    postgres.drop_database("from_metadata")

    assert _shapes(connection) == expected


def test_migrating_twice_changes_nothing(database_url: str, engine: Engine) -> None:
    upgrade(database_url)

    with engine.begin() as connection:
        assert is_current(connection)


def test_an_empty_database_is_not_current(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("empty")
    empty = create_engine(postgres.url_of("empty"), poolclass=NullPool)

    with empty.begin() as connection:
        current = is_current(connection)
    postgres.drop_database("empty")

    assert not current


def test_of_many_who_migrate_at_once_one_does_it(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("contended")
    url = postgres.url_of("contended")

    with ThreadPoolExecutor() as threads:
        list(threads.map(upgrade, [url] * 4))

    fresh = create_engine(url, poolclass=NullPool)
    with fresh.begin() as connection:
        current = is_current(connection)
    postgres.drop_database("contended")
    assert current

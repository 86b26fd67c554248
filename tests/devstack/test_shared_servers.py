import psycopg

from devstack.postgres import EmbeddedPostgres


def tables_of(url: str) -> set[str]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {str(row[0]) for row in found}


def test_each_test_gets_a_migrated_database(database_url: str) -> None:
    assert "contacts" in tables_of(database_url)


def test_what_a_test_does_to_its_database_the_next_does_not_see(
    database_url: str, postgres: EmbeddedPostgres, template_database: str
) -> None:
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE scribble ()")

    postgres.create_database("next_one", template=template_database)

    assert "scribble" not in tables_of(postgres.url_of("next_one"))
    postgres.drop_database("next_one")

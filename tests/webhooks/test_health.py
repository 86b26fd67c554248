import httpx
import pytest
from sqlalchemy import Engine, text

from starter.braking import stop
from tests.webhooks.fakes import FakeTemporal
from tests.webhooks.given import World
from tests.webhooks.posting import NOW


async def test_a_process_that_can_do_nothing_is_alive_all_the_same(
    client: httpx.AsyncClient, temporal_server: FakeTemporal
) -> None:
    temporal_server.is_there = False

    assert (await client.get("/healthz")).status_code == 200


@pytest.mark.usefixtures("world")
async def test_it_is_ready_with_a_migrated_database_and_temporal(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


async def test_it_says_that_all_sending_is_stopped_and_is_ready_all_the_same(
    client: httpx.AsyncClient, world: World
) -> None:
    stop(world.engine, "all", who="olga", why="a leak", at=NOW)

    answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "sending": "all sending is stopped, by olga: a leak",
    }


@pytest.mark.usefixtures("world")
async def test_it_is_not_ready_without_temporal(
    client: httpx.AsyncClient, temporal_server: FakeTemporal
) -> None:
    temporal_server.is_there = False

    answer = await client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["detail"] == "Temporal does not answer."


async def test_it_is_not_ready_without_postgresql(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["detail"] == "PostgreSQL does not answer."


@pytest.mark.usefixtures("world")
async def test_it_is_not_ready_before_the_migrations(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    answer = await client.get("/readyz")

    assert answer.status_code == 503
    assert "migrations" in answer.json()["detail"]

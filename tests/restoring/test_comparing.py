"""Which of PostgreSQL and Temporal came from an older backup; and what only looks like it."""

from datetime import timedelta

from sqlalchemy import Engine, delete, func
from temporalio.client import Client

from devstack.temporal import EmbeddedTemporal
from schemas.names import SEARCH_ATTRIBUTES
from starter.restoring.comparing import Found, compare
from starter.scheduling import make_schedule
from storage import tides
from storage.schema.tide_tables import tides as columns
from tests.restoring.sweeping import Sweeper, alter

UNKNOWN = "6f1ed002-ab5f-4d7c-8f3b-0000000000aa"


async def test_at_a_first_start_nothing_is_older(client: Client, engine: Engine) -> None:
    before = await compare(client, engine)
    with engine.begin() as connection:
        tides.rise(connection)

    assert (before, await compare(client, engine)) == (Found(), Found())


async def test_what_has_worked_together_is_of_one_age(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    first = await sweeper.sweep()
    second = await sweeper.sweep()

    assert first.tide is not None
    assert second.tide is not None
    assert first.tide.height < second.tide.height
    assert await compare(client, engine) == Found()


async def test_a_database_that_shows_less_than_a_finished_sweep_saw_is_older(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    await sweeper.sweep()
    alter(engine, height=columns.c.height - 1)

    found = await compare(client, engine)

    assert found.older == "postgres"
    assert found.lived is not None


async def test_a_new_database_has_lost_nothing(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    await sweeper.sweep()
    with engine.begin() as connection:
        connection.execute(delete(columns))
        tides.rise(connection)

    assert await compare(client, engine) == Found()


async def test_temporal_is_older_if_it_does_not_know_the_last_sweep(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    await sweeper.sweep()
    alter(engine, sweep_run=UNKNOWN)

    found = await compare(client, engine)

    assert found.older == "temporal"


async def test_temporal_may_have_forgotten_what_was_done_long_ago(
    client: Client, engine: Engine, sweeper: Sweeper
) -> None:
    await sweeper.sweep()
    alter(engine, sweep_run=UNKNOWN, swept_wall=columns.c.swept_wall - timedelta(hours=20))

    assert await compare(client, engine) == Found()


async def test_a_temporal_whose_schedule_is_older_than_the_last_sweep_is_no_new_one(
    engine: Engine, sweeper: Sweeper
) -> None:
    await sweeper.sweep()
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES) as other:
        client = await Client.connect(other.address)
        await make_schedule(client)
        alter(engine, swept_wall=func.clock_timestamp() + timedelta(minutes=1))

        found = await compare(client, engine)

    assert found.older == "temporal"


async def test_a_new_temporal_is_no_older_one(engine: Engine, sweeper: Sweeper) -> None:
    await sweeper.sweep()
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES) as other:
        client = await Client.connect(other.address)

        found = await compare(client, engine)

    assert found == Found(forgotten=True)

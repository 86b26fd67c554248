"""Rates that are published anew, while some wait in line."""

from pathlib import Path

from sqlalchemy import select

from schemas.outcomes import Sent
from schemas.rates import Rate
from starter.authored.publishing import Published, publish
from storage.schema.outgoing_tables import deliveries
from tests.activities.lining import HOUR, later, paced, people, waits
from tests.activities.world import World
from tests.builders import MONDAY
from tests.storage.test_publishing_caps import a_folder


async def test_rates_that_are_gone_let_all_go_slowly_at_first(world: World, tmp_path: Path) -> None:
    paced(world, sender=Rate(per_hour=1))
    rows = people(world, 3)
    for row in rows:
        await world.send(row)
    folder = a_folder(tmp_path, "timezone: UTC\n", "fresh")

    (answer,) = publish(world.engine, (folder.path,), by="sam", at=MONDAY)

    assert isinstance(answer, Published)
    assert [(one.key, one.before, one.after) for one in answer.rules] == [
        ("rates", "each sender: 1 an hour", "no rates")
    ]
    with world.engine.connect() as connection:
        told = select(deliveries.c.workflow_id).where(deliveries.c.signal == "room")
        found = connection.scalars(told.order_by(deliveries.c.due_wall)).all()
    assert found == [f"welcome.{row.contact_id}" for row in rows[1:]]
    assert isinstance(await world.send(rows[2]), Sent)


async def test_of_higher_rates_those_have_the_good_first_who_came_first(world: World) -> None:
    paced(world, sender=Rate(per_hour=1))
    rows = people(world, 4)
    for row in rows[:3]:
        await world.send(row)
    paced(world, sender=Rate(per_hour=2))

    newcomer = await world.send(rows[3])
    first = await world.send(rows[1])
    later(world, HOUR)

    assert waits(newcomer) == HOUR
    assert isinstance(first, Sent)
    assert isinstance(await world.send(rows[2]), Sent)

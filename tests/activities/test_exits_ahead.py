"""An exit of an enrollment whose own moment is still ahead ends it at that moment."""

from datetime import timedelta

from sqlalchemy import select

from schemas.events import Control
from schemas.progress import Ending
from starter.operating import Commanded, Order, commit_order
from storage.schema.outgoing_tables import deliveries
from tests.activities.turning import on_record
from tests.activities.world import World
from tests.builders import MONDAY


def test_what_is_told_is_not_before_the_enrollment(world: World) -> None:
    contact = world.contact()
    world.publish()
    row = world.enrolled(contact, at=MONDAY + timedelta(days=2))

    order = Order(action="exit", who="olga", wall=MONDAY)
    answer = commit_order(world.engine, row.row, order)

    assert isinstance(answer, Commanded)
    assert on_record(world, row.row).ended() == Ending(name="stopped", at=row.at)
    with world.engine.connect() as connection:
        told = Control.model_validate(connection.scalars(select(deliveries.c.payload)).one())
    assert (answer.at, told.at) == (row.at, row.at)

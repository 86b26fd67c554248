"""Who is held at a mail, by cause, and how all of one cause go on."""

from datetime import timedelta

from sqlalchemy import select

from schemas.outcomes import Enrolled, Held, Refused, Sent
from starter.holding import Mended, Released, held, release
from storage.schema.outgoing_tables import deliveries
from tests.activities.world import World
from tests.builders import MONDAY

NAMELESS = "intro.md, line 4: contact.first_name has no value"


def mended(cause: str = NAMELESS) -> Mended:
    return Mended(cause=cause, who="olga", why="named", at=MONDAY, per_second=10)


async def two_held(world: World) -> list[Enrolled]:
    world.publish()
    people = [world.contact(email=f"{one}@customer.example", first_name=None) for one in "ab"]
    rows = [world.enrolled(one) for one in people]
    for hours, row in enumerate(rows):
        outcome = await world.send(row, due=MONDAY - timedelta(hours=hours))
        assert isinstance(outcome, Held)
    return rows


async def test_who_is_held_is_shown_by_cause(world: World) -> None:
    await two_held(world)

    [one] = held(world.engine)

    assert (one.count, one.sequences, one.since) == (2, ("welcome",), MONDAY)
    assert one.cause.startswith(NAMELESS)


async def test_all_of_one_cause_go_on_those_due_first_first_each_once(world: World) -> None:
    rows = await two_held(world)
    for one in "ab":
        world.contact(email=f"{one}@customer.example", first_name="Ada")

    answer = release(world.engine, mended())

    assert answer == Released(released=2, seconds=3)
    with world.engine.connect() as connection:
        order = select(deliveries.c.workflow_id).order_by(deliveries.c.due_wall)
        told = list(connection.scalars(order))
    assert told == [f"welcome.{row.contact_id}" for row in reversed(rows)]
    assert held(world.engine) == []
    assert isinstance(release(world.engine, mended()), Refused)
    assert isinstance(await world.send(rows[0], resumes=1), Sent)


async def test_who_is_held_again_is_shown_again(world: World) -> None:
    rows = await two_held(world)
    release(world.engine, mended())

    await world.send(rows[0], resumes=1)

    assert [one.count for one in held(world.engine)] == [1]


async def test_another_cause_releases_nobody(world: World) -> None:
    rows = await two_held(world)
    world.ended(rows[0])

    answer = release(world.engine, mended("SendGrid refused"))

    assert isinstance(answer, Refused)
    assert "nobody is held for 'SendGrid refused'" in answer.message
    assert [one.count for one in held(world.engine)] == [1]

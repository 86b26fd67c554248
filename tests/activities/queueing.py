"""People who wait for their day, and what they are told."""

from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import select

from activities.admitting import moving_up
from schemas.contact import Contact
from schemas.events import Event, Turn
from schemas.outcomes import Waiting
from schemas.policies import Pace
from storage.entering import places
from storage.entering.places import Place, Withdrawal
from storage.people import contacts
from storage.schema.outgoing_tables import deliveries
from tests.activities.world import WELCOME, World, a_start
from tests.builders import MONDAY

ZONE = "America/New_York"
ONE = Pace(per_day=1, zone=ZONE)
TUESDAY = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
"""Tuesday's midnight in New York."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def publish(world: World, pace: Pace | None = ONE, at: datetime = MONDAY) -> None:
    world.publish(WELCOME.model_copy(update={"pace": pace}))
    with world.engine.begin() as connection:
        moving_up.keep(connection, "welcome", pace, at)


def queue(world: World, count: int, **fields: object) -> list[Contact]:
    """Ask for so many people, one after another."""
    people = [world.contact(email=f"p{n}@customer.example", **fields) for n in range(count)]
    for one in people:
        world.begin(a_start(one))
    return people


def until(world: World, contact: Contact, now: datetime = MONDAY) -> datetime:
    answer = world.begin(a_start(contact), now=now)
    assert isinstance(answer, Waiting), answer
    return answer.until


def place_of(world: World, contact: Contact) -> Place:
    with world.engine.connect() as connection:
        place = places.of_run(connection, f"welcome.{contact.id}", "run-1")
    assert place is not None
    return place


def called_off(world: World, contact: Contact, at: datetime = MONDAY) -> None:
    off = Withdrawal(by="olga", why="they rang", at=at, name="stopped")
    with world.engine.begin() as connection:
        contacts.lock(connection, contact.id)
        assert moving_up.withdraw(connection, place_of(world, contact), off)


def woken(world: World) -> list[str]:
    with world.engine.connect() as connection:
        found = select(deliveries.c.workflow_id).order_by(deliveries.c.id)
        return list(connection.execute(found).scalars())


def told(world: World) -> list[Turn]:
    with world.engine.connect() as connection:
        payloads = connection.execute(select(deliveries.c.payload).order_by(deliveries.c.id))
        events = [TypeAdapter[Event](Event).validate_python(one) for one in payloads.scalars()]
    return [event for event in events if isinstance(event, Turn)]

from datetime import datetime, timedelta

from schemas.contact import Contact
from schemas.matchers import Matcher
from schemas.policies import ExitRule
from storage import events
from storage.events import NewEvent
from tests.activities.world import World
from tests.builders import MONDAY, a_sequence, an_email

BOOKED = ExitRule(name="booked", on=Matcher(kind="event", name="booked"))
SEQUENCE = a_sequence(an_email("intro"), exit_on=(BOOKED,), listens_to=("event:booked",))


def put_down(world: World, contact: Contact, key: str, at: datetime, name: str = "booked") -> None:
    event = NewEvent(
        source="api", natural_key=key, kind="conversion", name=name, contact_id=contact.id, at=at
    )
    with world.engine.begin() as connection:
        events.record(connection, event)


def test_what_came_between_the_request_and_the_record_is_not_lost(world: World) -> None:
    world.publish(SEQUENCE)
    contact = world.contact()
    put_down(world, contact, "now", MONDAY)
    put_down(world, contact, "soon", MONDAY + timedelta(minutes=2))
    put_down(world, contact, "other", MONDAY, name="login")
    put_down(world, contact, "before", MONDAY - timedelta(minutes=1))

    missed = world.enrolled(contact).missed

    assert [event.at for event in missed] == [MONDAY, MONDAY + timedelta(minutes=2)]


def test_what_came_after_the_record_is_told_by_signal_alone(world: World) -> None:
    world.publish(SEQUENCE)
    contact = world.contact()
    world.enrolled(contact)
    put_down(world, contact, "late", MONDAY + timedelta(minutes=2))

    again = world.enrolled(contact)

    assert again.missed == ()

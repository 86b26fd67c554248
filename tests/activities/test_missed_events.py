from datetime import datetime, timedelta

from schemas.contact import Contact
from schemas.matchers import Matcher
from schemas.policies import ExitRule
from starter.incoming.app_events import Said, take_app_event
from storage import deliveries, events
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


def test_what_came_after_the_record_has_the_id_of_its_signal_if_the_answer_is_asked_for_again(
    world: World,
) -> None:
    world.publish(SEQUENCE)
    contact = world.contact()
    world.enrolled(contact)
    said = Said(name="booked", contact=contact.id, at=MONDAY + timedelta(minutes=2))
    take_app_event(world.engine, said)

    again = world.enrolled(contact)

    with world.engine.connect() as connection:
        [signal] = deliveries.undelivered(connection)
    assert [event.id for event in again.missed] == [signal.event.id]

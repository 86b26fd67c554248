from concurrent.futures import ThreadPoolExecutor

from pydantic_core import to_json
from sqlalchemy import Engine

from inbound.events import parse_events
from schemas.contact import NewContact
from schemas.events import SendSettled
from starter.incoming.app_events import Said, take_app_event
from starter.incoming.known_mails import Arrived
from starter.incoming.mail_events import take_mail_events
from storage.people import contacts
from storage.sending import sends
from storage.sending.sends import Outcome
from tests.storage.rivals import until_they_wait
from tests.webhooks.given import World
from tests.webhooks.posting import NOW, an_item


def test_an_event_and_a_change_of_address_never_wait_in_a_circle(
    world: World, engine: Engine
) -> None:
    ada = world.contact()

    def tell(number: int) -> bool:
        said = Said(name="login", contact=ada.id, at=NOW, id=str(number))
        return take_app_event(engine, said).new

    def move(number: int) -> bool:
        with engine.begin() as connection:
            new = NewContact(email=f"ada{number}@example.com")
            return contacts.change(connection, ada.id, new) is not None

    with ThreadPoolExecutor(8) as threads:
        told = threads.map(tell, range(60))
        moved = threads.map(move, range(60))

        assert all(told)
        assert all(moved)


def test_an_event_that_comes_while_a_doubt_is_put_down_tells_the_enrollment(
    world: World, engine: Engine
) -> None:
    row = world.enrollment()
    send = world.send(row, state="claimed")
    events = parse_events(to_json([an_item("processed", send)]))
    arrived = [Arrived(event, NOW) for event in events or ()]

    with ThreadPoolExecutor(1) as threads, engine.connect() as worker:
        sends.record(worker, send.id, send.attempt, Outcome(state="in_doubt", at=NOW))
        taken = threads.submit(take_mail_events, engine, arrived)
        until_they_wait(engine, worker, [taken])
        worker.commit()

        assert taken.result(timeout=30) == 1

    assert world.send_of(send.id).state == "accepted"
    assert [type(told) for told in world.told(row)] == [SendSettled]

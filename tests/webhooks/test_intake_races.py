from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from schemas.contact import NewContact
from starter.incoming.app_events import Said, take_app_event
from storage.people import contacts
from tests.webhooks.given import World
from tests.webhooks.posting import NOW


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

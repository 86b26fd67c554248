"""Temporal gives an attempt up and makes another while the first goes on: one beginning."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text

from schemas.outcomes import Enrolled
from storage.people import contacts
from tests.activities.turning import on_record
from tests.activities.world import World, a_start


def until_waiting(engine: Engine, count: int) -> None:
    """Return when so many wait for a lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while True:
        with engine.connect() as observer:
            if observer.execute(waiting).scalar_one() == count:
                return


def test_two_attempts_at_once_begin_one_enrollment_which_lives(world: World) -> None:
    contact = world.contact()
    world.publish()
    with ThreadPoolExecutor(2) as threads:
        with world.engine.begin() as connection:
            contacts.lock(connection, contact.id)
            attempts = [threads.submit(world.begin, a_start(contact)) for _ in range(2)]
            until_waiting(world.engine, 2)
        first, second = (one.result(timeout=30) for one in attempts)

    assert isinstance(first, Enrolled)
    assert second == first
    assert on_record(world, first.row).ended_at is None

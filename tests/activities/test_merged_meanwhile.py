"""What is put down of a contact that is just being merged is put down of the kept one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from schemas.activities import HandOffRequest, TaskRequest
from schemas.outcomes import Enrolled, Refused
from storage.people import contacts, merging
from storage.schema.outgoing_tables import notices
from storage.schema.tables import tasks
from tests.activities.test_begun_twice import until_waiting
from tests.activities.world import World
from tests.builders import MONDAY


def merged_meanwhile(world: World, act: Callable[[Enrolled], object]) -> tuple[str, object]:
    """Merge a contact while something is done to its enrollment; give who is kept, and the rest."""
    other, kept = world.contact(), world.contact(email="kept@customer.example")
    world.publish()
    row = world.enrolled(other)
    with ThreadPoolExecutor(1) as threads:
        with world.engine.begin() as connection:
            contacts.lock_all(connection, [kept.id, other.id], for_good=True)
            merging.move(connection, other, kept.id, "kim", MONDAY)
            acting = threads.submit(act, row)
            until_waiting(world.engine, 1)
        return kept.id, acting.result(timeout=30)


def test_a_refused_hand_off_is_told_of_the_kept_contact(world: World) -> None:
    def hand_off(row: Enrolled) -> object:
        request = HandOffRequest(row=row.row, step="over", to="nowhere", now=MONDAY)
        return world.live.hand_off(request)

    kept, answer = merged_meanwhile(world, hand_off)

    assert isinstance(answer, Refused)
    with world.engine.connect() as connection:
        assert connection.scalars(select(notices.c.contact_id)).all() == [kept]


def test_a_task_is_opened_for_the_kept_contact(world: World) -> None:
    def open_task(row: Enrolled) -> object:
        given = {"row": row.row, "step": "call", "occurrence": 1, "task": "call", "now": MONDAY}
        request = TaskRequest.model_validate({**given, "late_at": None, "blocking": True})
        world.live.open_task(request)
        return None

    kept, _ = merged_meanwhile(world, open_task)

    with world.engine.connect() as connection:
        assert connection.scalars(select(tasks.c.contact_id)).all() == [kept]

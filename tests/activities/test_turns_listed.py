"""Language rule 28: who waits for a turn is found before it has begun."""

from schemas.outcomes import Refused
from starter.listing import Waiters, list_waiting
from starter.operating import Order, commit_order
from tests.activities.turning import ask, enroll, publish
from tests.activities.world import World
from tests.builders import MONDAY


def waiters(world: World, sequence: str | None = None, contact: str | None = None) -> Waiters:
    found = list_waiting(world.engine, sequence, contact=contact)
    assert not isinstance(found, Refused)
    return found


def test_who_waits_for_a_turn_is_listed_with_the_reason_until_called_off(world: World) -> None:
    one, other = world.contact(), world.contact(email="bob@customer.example")
    for name in ("first", "second"):
        publish(world, name)
        for contact in (one, other):
            (enroll if name == "first" else ask)(world, name, contact)

    listed = waiters(world, "second")
    commit_order(
        world.engine, f"second.{one.id}", Order(action="exit", who="olga", why="", wall=MONDAY)
    )

    assert [who.workflow_id for who in listed.turns] == [f"second.{one.id}", f"second.{other.id}"]
    assert [who.email for who in listed.turns] == [one.email, other.email]
    assert all("first" in who.why for who in listed.turns)
    assert (listed.waiting, listed.for_turns) == (0, 2)
    assert [who.workflow_id for who in waiters(world).turns] == [f"second.{other.id}"]


def test_who_waits_is_found_by_sequence_and_contact(world: World) -> None:
    one, other = world.contact(), world.contact(email="bob@customer.example")
    for name in ("first", "second"):
        publish(world, name)
        for contact in (one, other):
            (enroll if name == "first" else ask)(world, name, contact)

    assert waiters(world, "first").turns == ()
    assert [who.email for who in waiters(world, contact=other.id).turns] == [other.email]

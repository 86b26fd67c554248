"""Language rule 28: whoever is gone, or is told to go, keeps no contact from the others."""

from datetime import timedelta

import pytest

from schemas.outcomes import Refused
from schemas.progress import Ending
from starter.operating import Action, Commanded, Order, commit_order
from starter.outgoing.relay import deliver
from tests.activities.turning import ask, end, enroll, on_record, publish, standing, told
from tests.activities.world import World
from tests.builders import MONDAY
from tests.webhooks.fakes import FakeSignals

HOUR = timedelta(hours=1)


def order(action: Action = "exit") -> Order:
    return Order(action=action, who="olga", why="a duplicate", wall=MONDAY + HOUR)


async def test_a_turn_that_no_workflow_is_there_to_take_goes_to_the_next(world: World) -> None:
    contact = world.contact()
    for name in ("first", "second", "third"):
        publish(world, name)
    first = enroll(world, "first", contact)
    ask(world, "second", contact)
    ask(world, "third", contact)
    end(world, first, MONDAY + HOUR)

    await deliver(world.engine, FakeSignals(f"second.{contact.id}"))

    assert standing(world, contact) == [("third", "holds")]


async def test_a_turn_that_is_back_to_a_workflow_that_is_gone_ends_it(world: World) -> None:
    contact = world.contact()
    for name, priority in (("low", 1), ("high", 2), ("third", 1)):
        publish(world, name, priority)
    low = enroll(world, "low", contact)
    high = enroll(world, "high", contact)
    ask(world, "third", contact)
    end(world, high, MONDAY + HOUR)

    await deliver(world.engine, FakeSignals(f"low.{contact.id}"))
    await deliver(world.engine, FakeSignals(f"low.{contact.id}"))

    gone = "its workflow does not run any more"
    assert on_record(world, low.row).ended() == Ending(name="stopped", at=MONDAY + HOUR, why=gone)
    assert standing(world, contact) == [("third", "holds")]


async def test_all_who_are_gone_at_once_leave_it_to_who_is_there(world: World) -> None:
    contact = world.contact()
    for name, priority in (("low", 1), ("middle", 2), ("high", 3), ("last", 0)):
        publish(world, name, priority)
        ask(world, name, contact)

    await deliver(world.engine, FakeSignals(f"low.{contact.id}", f"middle.{contact.id}"))

    assert standing(world, contact) == [("high", "holds"), ("last", "waits")]


def test_an_operator_withdraws_who_waits(world: World) -> None:
    contact = world.contact()
    for name in ("first", "second", "third"):
        publish(world, name)
    first = enroll(world, "first", contact)
    ask(world, "second", contact)
    ask(world, "third", contact)

    answer = commit_order(world.engine, f"second.{contact.id}", order())
    end(world, first, MONDAY + 2 * HOUR)

    assert isinstance(answer, Commanded)
    why = "called off by olga: a duplicate"
    assert told(world, "second", contact) == [(False, MONDAY + HOUR, why)]
    assert ask(world, "second", contact, MONDAY + 3 * HOUR) == Refused(
        reason="stopped", message=why
    )
    assert standing(world, contact) == [("third", "holds")]


def test_an_operator_who_ends_the_holder_gives_the_turn_to_the_next(world: World) -> None:
    contact = world.contact()
    publish(world, "first")
    publish(world, "second")
    enroll(world, "first", contact)
    ask(world, "second", contact)

    commit_order(world.engine, f"first.{contact.id}", order())

    freed = "first is done with this contact (stopped)"
    assert told(world, "second", contact) == [(True, MONDAY + HOUR + timedelta(minutes=1), freed)]


@pytest.mark.parametrize("action", ["pause", "resume", "skip"])
def test_who_waits_cannot_be_paused_resumed_or_skipped(world: World, action: Action) -> None:
    contact = world.contact()
    publish(world, "first")
    publish(world, "second")
    enroll(world, "first", contact)
    ask(world, "second", contact)

    answer = commit_order(world.engine, f"second.{contact.id}", order(action))

    assert isinstance(answer, Refused)
    assert answer.reason == "not_begun"
    assert standing(world, contact) == [("first", "holds"), ("second", "waits")]

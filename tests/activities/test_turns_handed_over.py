"""Language rules 21 and 28: a turn goes with a hand-off, if somebody else's does not go before."""

from datetime import timedelta

import pytest

from schemas.activities import HandOffRequest
from schemas.contact import Contact
from schemas.outcomes import Enrolled, HandedOff, Refused
from tests.activities.turning import ask, end, enroll, on_record, publish, standing, told
from tests.activities.world import World
from tests.builders import MONDAY

HOUR = timedelta(hours=1)


def hand_off(world: World, row: Enrolled, to: str = "child") -> HandedOff | Refused:
    return world.live.hand_off(HandOffRequest(row=row.row, step="go", to=to, now=MONDAY + HOUR))


def a_parent(world: World, priority: int = 1) -> tuple[Contact, Enrolled]:
    contact = world.contact()
    publish(world, "parent", priority)
    return contact, enroll(world, "parent", contact)


def test_a_turn_goes_with_the_hand_off_before_all_who_wait(world: World) -> None:
    contact, parent = a_parent(world)
    publish(world, "child")
    publish(world, "second")
    ask(world, "second", contact)

    answers = [hand_off(world, parent) for _ in range(2)]

    assert isinstance(answers[0], HandedOff)
    assert answers[1] == answers[0]
    assert standing(world, contact) == [("second", "waits"), ("child", "holds")]
    end(world, enroll(world, "child", contact, MONDAY + HOUR), MONDAY + 2 * HOUR)
    assert standing(world, contact) == [("second", "holds")]


def test_the_child_counts_with_its_own_priority(world: World) -> None:
    contact, parent = a_parent(world, priority=5)
    publish(world, "child", 2)
    publish(world, "high", 3)
    hand_off(world, parent)

    enroll(world, "high", contact, MONDAY + 2 * HOUR)

    assert standing(world, contact) == [("child", "waits"), ("high", "holds")]


@pytest.mark.parametrize(
    ("priority", "group", "why"),
    [
        (3, "sales", "second waits for this contact and goes first: priority 3 over 1"),
        (3, "service", "second goes first for this contact: priority 3 over 1"),
        (1, "service", "second has this contact already, with the same priority 1"),
    ],
    ids=["a higher one waits", "a higher one has it", "an equal one has it"],
)
def test_it_is_refused_where_another_goes_first_and_nothing_has_ended(
    world: World, priority: int, group: str, why: str
) -> None:
    contact, parent = a_parent(world, priority=5)
    publish(world, "second", priority, exclusive=group)
    publish(world, "child", 1, exclusive=group)
    ask(world, "second", contact)

    answer = hand_off(world, parent)

    assert answer == Refused(reason="busy", message=why)
    assert on_record(world, parent.row).ended_at is None
    assert standing(world, contact)[0] == ("parent", "holds")


def test_it_takes_over_in_another_group_and_leaves_its_own_to_the_next(world: World) -> None:
    contact, parent = a_parent(world)
    publish(world, "child", 2, exclusive="service")
    publish(world, "low", 1, exclusive="service")
    publish(world, "second")
    enroll(world, "low", contact)
    ask(world, "second", contact)

    assert isinstance(hand_off(world, parent), HandedOff)

    over = "child goes first for this contact: priority 2 over 1"
    freed = "parent is done with this contact (handed_off)"
    assert told(world, "low", contact) == [(False, MONDAY + HOUR, over)]
    assert told(world, "second", contact) == [(True, MONDAY + HOUR + timedelta(minutes=1), freed)]
    assert told(world, "child", contact) == []


def test_a_parent_that_waits_for_its_turn_hands_over_only_to_who_goes_first(world: World) -> None:
    contact, parent = a_parent(world)
    publish(world, "high", 3)
    publish(world, "child", 2)
    publish(world, "top", 4)
    enroll(world, "high", contact)

    assert isinstance(hand_off(world, parent, "child"), Refused)
    assert isinstance(hand_off(world, parent, "top"), HandedOff)
    assert standing(world, contact) == [("high", "waits"), ("top", "holds")]

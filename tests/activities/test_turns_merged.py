"""Language rules 28 and 33: two contacts that are found to be one have one turn in a group."""

from datetime import timedelta

import pytest

from starter.incoming.merging import Merged, Merger, merge_contacts
from tests.activities.turning import ask, end, enroll, publish, standing, told
from tests.activities.world import World
from tests.builders import MONDAY

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("priority", "why"),
    [
        (2, "second goes first for this contact: priority 2 over 1"),
        (1, "first has this contact already, with the same priority 1"),
    ],
)
def test_of_two_that_have_the_turn_one_loses_it(world: World, priority: int, why: str) -> None:
    ada, bob = world.contact(), world.contact(email="bob@customer.example")
    publish(world, "first", 1)
    publish(world, "second", priority)
    publish(world, "third", 0)
    rows = {
        "first": enroll(world, "first", ada),
        "second": enroll(world, "second", bob, MONDAY + HOUR),
    }
    ask(world, "third", bob, MONDAY + HOUR)

    merger = Merger(keep=ada.id, other=bob.id, by="kim", at=MONDAY + 2 * HOUR)
    assert isinstance(merge_contacts(world.engine, merger), Merged)

    loser, winner = ("first", "second") if priority == 2 else ("second", "first")
    whose = ada if loser == "first" else bob
    assert told(world, loser, whose) == [(False, MONDAY + 2 * HOUR, why)]
    assert sorted(standing(world, ada)) == sorted(
        [(winner, "holds"), (loser, "waits"), ("third", "waits")]
    )
    end(world, rows[winner], MONDAY + 3 * HOUR)
    end(world, rows[loser], MONDAY + 4 * HOUR)
    assert standing(world, ada) == [("third", "holds")]

"""Language rule 28: whoever loses its contact's turn waits for it, or ends."""

from datetime import timedelta

from schemas.outcomes import Behind, Sent, Stopped, Waiting
from schemas.progress import Ending
from tests.activities.turning import (
    ask,
    contenders,
    end,
    enroll,
    on_record,
    publish,
    standing,
    told,
)
from tests.activities.world import World
from tests.builders import MONDAY

HOUR = timedelta(hours=1)
AFTERWARDS = MONDAY + 2 * HOUR + timedelta(minutes=1)
UNTIL = MONDAY + timedelta(days=3)
TAKEN = "high goes first for this contact: priority 2 over 1"


def test_a_higher_priority_takes_over_and_the_lower_one_gets_it_back(world: World) -> None:
    contact = world.contact()
    publish(world, "low", 1)
    publish(world, "high", 2)
    enroll(world, "low", contact)

    high = enroll(world, "high", contact, MONDAY + HOUR)
    end(world, high, MONDAY + 2 * HOUR)

    back = "high is done with this contact (completed)"
    assert told(world, "low", contact) == [
        (False, MONDAY + HOUR, TAKEN),
        (True, MONDAY + 2 * HOUR, back),
    ]
    assert standing(world, contact) == [("low", "holds")]


def test_one_that_is_to_exit_ends_when_it_loses_its_turn(world: World) -> None:
    contact = world.contact()
    publish(world, "low", 1, on_lost="exit")
    publish(world, "high", 2)
    low = enroll(world, "low", contact)

    enroll(world, "high", contact, MONDAY + HOUR)

    assert on_record(world, low.row).ended() == Ending(
        name="lost_slot", at=MONDAY + HOUR, why=TAKEN
    )
    assert told(world, "low", contact) == [(False, MONDAY + HOUR, TAKEN)]
    assert [one.ended_as for one in contenders(world)] == ["lost_slot", None]


async def test_no_marketing_mail_goes_out_of_turn_and_the_workflow_learns_why(world: World) -> None:
    contact = world.contact()
    publish(world, "low", 1)
    publish(world, "high", 2)
    low = enroll(world, "low", contact)
    enroll(world, "high", contact)

    answer = await world.send(low)
    receipt = await world.send(low, "receipt")

    assert isinstance(answer, Behind)
    [turn] = answer.events
    assert (turn.kind, turn.at) == ("turn", MONDAY)
    assert isinstance(receipt, Sent)


async def test_one_that_exited_sends_nothing_more(world: World) -> None:
    contact = world.contact()
    publish(world, "low", 1, on_lost="exit")
    publish(world, "high", 2)
    low = enroll(world, "low", contact)
    enroll(world, "high", contact)

    assert await world.send(low, "receipt") == Stopped(
        ending=Ending(name="lost_slot", at=MONDAY, why=TAKEN)
    )


def test_who_was_given_the_turn_and_has_not_begun_may_lose_it_again(world: World) -> None:
    contact = world.contact()
    for name, priority in (("first", 1), ("second", 1), ("high", 2)):
        publish(world, name, priority)
    first = enroll(world, "first", contact)
    ask(world, "second", contact)
    end(world, first, MONDAY + HOUR)

    high = enroll(world, "high", contact, MONDAY + HOUR)
    waiting = ask(world, "second", contact, MONDAY + HOUR)
    end(world, high, MONDAY + 2 * HOUR)

    assert isinstance(waiting, Waiting)
    assert waiting.until == UNTIL
    assert enroll(world, "second", contact, MONDAY + 2 * HOUR).at == AFTERWARDS

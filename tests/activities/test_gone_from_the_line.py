"""Who waits for a day and will never come gives the place to others (language rule 39)."""

from datetime import datetime, timedelta

from activities.endings import pass_on_vanished
from activities.triggering.sweeping import sweep
from schemas.activities import LeaveRequest
from schemas.contact import Contact
from schemas.outcomes import Enrolled, Refused
from tests.activities.queueing import (
    DAY,
    HOUR,
    TUESDAY,
    called_off,
    place_of,
    publish,
    queue,
    told,
    until,
    woken,
)
from tests.activities.world import World, a_start
from tests.builders import MONDAY


def test_a_start_whose_workflow_is_gone_gives_its_place_back_when_it_is_told(
    world: World,
) -> None:
    publish(world)
    people = queue(world, 4)
    called_off(world, people[1])

    with world.engine.begin() as connection:
        pass_on_vanished(connection, told(world)[:1])

    assert place_of(world, people[2]).over == "abandoned"
    assert until(world, people[3]) == TUESDAY


def test_whoever_does_not_come_on_the_day_is_called_once(world: World) -> None:
    publish(world)
    people = queue(world, 4)

    for minutes in (5, 15, 16, 30):
        sweep(world.engine, TUESDAY + timedelta(minutes=minutes))

    (turn,) = told(world)
    assert woken(world) == [f"welcome.{people[1].id}"]
    assert turn.at == TUESDAY + timedelta(minutes=15)
    with world.engine.begin() as connection:
        pass_on_vanished(connection, [turn])
    entered = world.begin(a_start(people[2]), now=TUESDAY + HOUR)
    assert isinstance(entered, Enrolled)
    assert entered.at == TUESDAY + timedelta(minutes=15)


def leave(world: World, contact: Contact, now: datetime = MONDAY) -> Refused:
    return world.live.leave_line(
        LeaveRequest(
            start=a_start(contact), workflow_id=f"welcome.{contact.id}", run_id="run-1", now=now
        )
    )


def test_a_workflow_that_is_cancelled_while_it_waits_gives_its_place_to_the_next(
    world: World,
) -> None:
    publish(world)
    people = queue(world, 4)

    answers = [leave(world, people[1]) for _ in range(2)]

    assert [one.reason for one in answers] == ["stopped"] * 2
    assert place_of(world, people[1]).over == "withdrawn"
    assert until(world, people[2]) == TUESDAY
    again = world.begin(a_start(people[1]))
    assert isinstance(again, Refused)


def test_one_that_had_begun_when_it_was_cancelled_ends(world: World) -> None:
    publish(world)
    (contact,) = queue(world, 1)

    assert leave(world, contact).reason == "stopped"

    assert isinstance(world.begin(a_start(contact), "run-2", TUESDAY + DAY), Enrolled)

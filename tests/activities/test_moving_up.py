"""Places that are free go to those who wait longest (language rule 39)."""

import pytest

from schemas.content import Mailbox
from schemas.outcomes import Enrolled, Refused, Waiting
from schemas.policies import Pace
from tests.activities.queueing import (
    DAY,
    HOUR,
    ONE,
    TUESDAY,
    ZONE,
    called_off,
    place_of,
    publish,
    queue,
    until,
    woken,
)
from tests.activities.world import World, a_start
from tests.builders import MONDAY


def test_a_higher_pace_moves_up_all_who_wait_the_oldest_first_and_wakes_them(
    world: World,
) -> None:
    publish(world)
    people = queue(world, 6)

    publish(world, Pace(per_day=3, zone=ZONE), MONDAY + HOUR)

    answers = [world.begin(a_start(one), now=MONDAY + HOUR) for one in people[1:]]
    assert [answer.at for answer in answers if isinstance(answer, Enrolled)] == [MONDAY + HOUR] * 2
    assert [answer.until for answer in answers if isinstance(answer, Waiting)] == [TUESDAY] * 3
    assert woken(world) == [f"welcome.{one.id}" for one in people[1:]]


def test_who_moves_up_is_told_why_and_by_when(world: World) -> None:
    publish(world)
    people = queue(world, 4)

    publish(world, Pace(per_day=2, zone=ZONE))

    assert world.begin(a_start(people[3])) == Waiting(
        until=TUESDAY, why="2 a day may enter welcome: its place is on Tue 3 Mar, moved up"
    )


def test_without_a_pace_any_more_all_who_wait_enter(world: World) -> None:
    publish(world)
    people = queue(world, 4)

    publish(world, None, MONDAY + HOUR)

    answers = [world.begin(a_start(one), now=MONDAY + HOUR) for one in people[1:]]
    assert [type(answer) for answer in answers] == [Enrolled] * 3
    assert len(woken(world)) == 3


def test_a_lower_pace_leaves_every_place_where_it_is(world: World) -> None:
    publish(world, Pace(per_day=2, zone=ZONE))
    people = queue(world, 6)

    publish(world)

    assert [until(world, one) for one in people[2:]] == [TUESDAY] * 2 + [TUESDAY + DAY] * 2
    assert woken(world) == []
    newcomer = world.contact(email="new@customer.example")
    assert until(world, newcomer) == TUESDAY + 2 * DAY


def test_a_place_that_is_called_off_goes_to_who_waits_longest_and_so_on_behind_it(
    world: World,
) -> None:
    publish(world)
    people = queue(world, 5)

    called_off(world, people[1])

    assert [until(world, one) for one in people[2:]] == [TUESDAY + n * DAY for n in range(3)]
    assert woken(world) == [f"welcome.{one.id}" for one in people[2:]]
    newcomer = world.contact(email="new@customer.example")
    assert until(world, newcomer) == TUESDAY + 3 * DAY


def test_a_place_that_is_refused_on_its_day_lets_in_at_once_who_waits_longest(
    world: World,
) -> None:
    publish(world)
    people = queue(world, 4)
    world.suppress(people[1])

    refused = world.begin(a_start(people[1]), now=TUESDAY)

    assert isinstance(refused, Refused)
    entered = world.begin(a_start(people[2]), now=TUESDAY + HOUR)
    assert isinstance(entered, Enrolled)
    assert entered.at == TUESDAY
    assert until(world, people[3], TUESDAY) == TUESDAY + DAY


def test_who_moves_up_into_today_begins_at_the_moment_of_the_move(world: World) -> None:
    publish(world)
    people = queue(world, 3)
    late = TUESDAY + 5 * HOUR

    called_off(world, people[1], late)

    entered = world.begin(a_start(people[2]), now=late + HOUR)
    assert isinstance(entered, Enrolled)
    assert entered.at == late


def test_a_place_goes_to_somebody_whose_owner_has_room(world: World) -> None:
    publish(world, Pace(per_day=2, per_owner=1, zone=ZONE))
    olga, otto = (Mailbox(email=f"{name}@acme.example", name=name) for name in ("olga", "otto"))
    hers = [world.contact(email=f"h{number}@x.example", owner=olga) for number in range(4)]
    his = [world.contact(email=f"o{number}@x.example", owner=otto) for number in range(3)]
    for one in (*hers, *his):
        world.begin(a_start(one))

    called_off(world, his[1])

    assert until(world, his[2]) == TUESDAY
    assert [until(world, one) for one in hers[1:]] == [TUESDAY + n * DAY for n in range(3)]


def test_a_place_of_a_day_that_is_over_is_of_use_to_nobody(world: World) -> None:
    publish(world)
    people = queue(world, 4)

    called_off(world, people[1], TUESDAY + DAY)

    assert woken(world) == []


@pytest.mark.parametrize("per_day", [2, 3, 5])
def test_raised_and_lowered_again_and_again_nobody_s_day_comes_later(
    world: World, per_day: int
) -> None:
    publish(world)
    people = queue(world, 9)
    known = [place_of(world, one).day for one in people]

    for pace in (Pace(per_day=per_day, zone=ZONE), ONE, Pace(per_day=per_day + 1, zone=ZONE)):
        publish(world, pace)
        days = [place_of(world, one).day for one in people]
        assert all(now <= before for now, before in zip(days, known, strict=True))
        known = days

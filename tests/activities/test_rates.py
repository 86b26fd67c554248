"""Rates: a mail goes, or gets its turn in line, exactly, whatever asks at the same time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from temporalio.exceptions import ApplicationError

from schemas.outcomes import Braked, Sent, Suppressed
from schemas.rates import Rate, WarmUp
from starter.rating import standing_rates
from storage.schema.cap_tables import goes
from tests.activities.capped import capped
from tests.activities.lining import DAY, HOUR, later, paced, people, waits
from tests.activities.world import OLGA, World


async def test_who_is_over_a_rate_gets_a_moment_one_behind_the_other(world: World) -> None:
    paced(world, sender=Rate(per_hour=2))

    answers = [await world.send(row) for row in people(world, 5)]

    assert [isinstance(one, Sent) for one in answers] == [True, True, False, False, False]
    assert [waits(one) for one in answers[2:]] == [HOUR, HOUR, 2 * HOUR]
    kept = answers[2]
    assert isinstance(kept, Braked)
    assert kept.why == "over the rate of its sender, 2 an hour"
    assert len(await world.mails()) == 2


async def test_a_turn_within_the_minute_is_waited_for_by_temporal_itself(world: World) -> None:
    paced(world, sender=Rate(per_second=1))
    first, second = people(world, 2)
    await world.send(first)

    with pytest.raises(ApplicationError) as not_yet:
        await world.send(second)

    assert (not_yet.value.type, not_yet.value.non_retryable) == ("NotYet", False)
    wait = not_yet.value.next_retry_delay
    assert wait is not None
    assert timedelta() < wait <= timedelta(seconds=1)
    assert world.sends_of(second) == []
    later(world, HOUR)
    assert isinstance(await world.send(second), Sent)


async def test_nobody_overtakes_those_who_wait(world: World) -> None:
    paced(world, sender=Rate(per_hour=2))
    *waiting, new = people(world, 6)
    for row in waiting:
        await world.send(row)
    later(world, HOUR)

    newcomer = await world.send(new)
    last = await world.send(waiting[4])
    in_order = [await world.send(row) for row in waiting[2:4]]

    assert waits(newcomer) == HOUR
    assert waits(last) == HOUR
    assert [isinstance(one, Sent) for one in in_order] == [True, True]


async def test_a_transactional_mail_goes_before_all_that_wait(world: World) -> None:
    paced(world, sender=Rate(per_hour=1))
    rows = people(world, 4)
    for row in rows[:3]:
        await world.send(row)

    urgent = await world.send(rows[3], "receipt")
    later(world, HOUR)
    bulk = await world.send(rows[3])
    gone = await world.send(rows[3], "receipt")

    assert waits(urgent) == HOUR
    assert waits(bulk) == 3 * HOUR
    assert isinstance(gone, Sent)


async def test_a_domain_has_a_rate_of_its_own_and_one_of_its_name(world: World) -> None:
    paced(world, domain=Rate(per_hour=1), domains={"slow.example": Rate(per_day=1)})
    fast, slow = people(world, 2), people(world, 2, "Slow.Example")

    answers = [await world.send(row) for row in (*fast, *slow)]

    assert [isinstance(one, Sent) for one in answers] == [True, False, True, False]
    assert [waits(answers[1]), waits(answers[3])] == [HOUR, DAY]
    kept = answers[3]
    assert isinstance(kept, Braked)
    assert kept.why == "over the rate to its domain, 1 a day"


async def test_a_mail_must_have_its_turn_by_sender_and_by_domain(world: World) -> None:
    paced(world, sender=Rate(per_hour=2), domain=Rate(per_hour=1))
    rows = [
        *people(world, 2),
        *people(world, 1, "other.example"),
        *people(world, 1, "third.example"),
    ]

    answers = [await world.send(row) for row in rows]

    assert [isinstance(one, Sent) for one in answers] == [True, False, True, False]
    kept = answers[3]
    assert isinstance(kept, Braked)
    assert kept.why == "over the rate of its sender, 2 an hour"


async def test_a_new_sender_warms_up(world: World) -> None:
    paced(world, sender=Rate(per_day=100, warm_up=WarmUp(first=2, times=2)))
    rows = people(world, 7)

    first = [await world.send(row) for row in rows]
    later(world, DAY)
    second = [await world.send(row) for row in rows[2:]]

    assert [isinstance(one, Sent) for one in first] == [True] * 2 + [False] * 5
    assert [waits(one) for one in first[2:]] == [DAY] * 4 + [2 * DAY]
    assert [isinstance(one, Sent) for one in second] == [True] * 4 + [False]


async def test_of_many_at_once_never_more_go_than_may_and_in_the_end_all_do(world: World) -> None:
    paced(world, sender=Rate(per_hour=7), domain=Rate(per_day=50))
    waiting = people(world, 24)
    gone: list[int] = []
    while waiting:
        answers = await asyncio.gather(*(world.send(row) for row in waiting))
        still = [
            row for row, one in zip(waiting, answers, strict=True) if not isinstance(one, Sent)
        ]
        gone.append(len(waiting) - len(still))
        waiting = still
        later(world, HOUR)

    assert gone == [7, 7, 7, 3]
    with world.engine.connect() as connection:
        of_sender = select(goes.c.number).where(goes.c.lane == f"sender:{OLGA.email}")
        assert sorted(connection.scalars(of_sender)) == list(range(1, 25))


async def test_the_command_shows_what_went_and_who_waits(world: World) -> None:
    paced(world, sender=Rate(per_hour=1), domain=Rate(per_day=9))
    for row in people(world, 3):
        await world.send(row)

    standing = standing_rates(world.engine)

    lines = [(one.name, one.went, one.waiting) for one in standing.lines]
    assert standing.words == "each sender: 1 an hour; each domain: 9 a day"
    assert lines == [(f"sender:{OLGA.email}", 1, 2), ("domain:customer.example", 1, 0)]
    assert standing.lines[0].last_wall is not None


async def test_who_has_ended_is_waited_for_by_nobody(world: World) -> None:
    paced(world, sender=Rate(per_hour=1))
    rows = people(world, 4)
    for row in rows[:3]:
        await world.send(row)
    for row in rows[1:3]:
        world.ended(row)

    assert waits(await world.send(rows[3])) == HOUR


async def test_who_misses_a_turn_is_not_waited_for_longer_than_ten_minutes(world: World) -> None:
    paced(world, sender=Rate(per_hour=1))
    rows = people(world, 4)
    for row in rows[:3]:
        await world.send(row)

    later(world, 2 * HOUR + timedelta(minutes=11))

    assert isinstance(await world.send(rows[3]), Sent)


async def test_what_does_not_go_for_another_reason_takes_no_turn(world: World) -> None:
    paced(world, sender=Rate(per_hour=1))
    rows = people(world, 2)
    ada = world.contact(email="p0@customer.example")
    world.suppress(ada)

    assert isinstance(await world.send(rows[0]), Suppressed)
    assert isinstance(await world.send(rows[1]), Sent)


async def test_what_is_over_a_cap_takes_no_turn(world: World) -> None:
    row, other = people(world, 2)
    capped(world)
    await world.send(row)
    paced(world, sender=Rate(per_hour=1))

    await world.send(row, occurrence=2)

    assert isinstance(await world.send(other), Sent)

"""Frequency caps over all sequences, on real PostgreSQL (language rule 29)."""

import asyncio

from schemas.outcomes import Deferred, Sent, Suppressed
from schemas.policies import Caps
from schemas.suppression import Reason
from tests.activities.capped import DAY, HOUR, at, capped, in_sequences
from tests.activities.world import World
from tests.builders import MONDAY


async def test_without_caps_nothing_is_put_off(world: World) -> None:
    first, second = in_sequences(world, world.contact(), one=0, two=0)

    assert isinstance(await at(world, first, MONDAY), Sent)
    assert isinstance(await at(world, second, MONDAY), Sent)


async def test_a_mail_over_the_cap_waits_until_a_day_after_the_one_that_went(world: World) -> None:
    capped(world)
    first, second = in_sequences(world, world.contact(), one=0, two=0)
    await at(world, first, MONDAY)

    over = await at(world, second, MONDAY + HOUR)

    assert over == Deferred(
        since=MONDAY + HOUR,
        until=MONDAY + DAY,
        give_up_at=MONDAY + HOUR + 7 * DAY,
        why="over the cap of 1 a day",
    )
    assert isinstance(await at(world, second, MONDAY + DAY - HOUR / 60), Deferred)
    assert isinstance(await at(world, second, MONDAY + DAY), Sent)
    assert len(await world.mails()) == 2


async def test_transactional_mails_neither_count_nor_wait(world: World) -> None:
    capped(world)
    first, second = in_sequences(world, world.contact(), one=0, two=0)

    assert isinstance(await at(world, first, MONDAY, step="receipt"), Sent)
    assert isinstance(await at(world, first, MONDAY), Sent)
    assert isinstance(await at(world, second, MONDAY, step="receipt"), Sent)


async def test_other_contacts_have_room_of_their_own(world: World) -> None:
    capped(world)
    (first,) = in_sequences(world, world.contact(), one=0)
    (second,) = in_sequences(world, world.contact(email="bob@customer.example"), one=0)

    assert isinstance(await at(world, first, MONDAY), Sent)
    assert isinstance(await at(world, second, MONDAY), Sent)


async def test_of_many_claims_at_once_only_as_many_go_as_the_cap_allows(world: World) -> None:
    capped(world, Caps(per_day=2))
    rows = in_sequences(world, world.contact(), a=0, b=1, c=2, d=0, e=1, f=2, g=0)

    outcomes = await asyncio.gather(*(at(world, row, MONDAY) for row in rows))

    assert [type(one) for one in outcomes].count(Sent) == 2
    assert [type(one) for one in outcomes].count(Deferred) == 5
    reserved = sorted(one.until for one in outcomes if isinstance(one, Deferred))
    assert reserved[0] == MONDAY + DAY
    assert len(await world.mails()) == 2


async def test_higher_priority_goes_first_then_what_is_due_earlier(world: World) -> None:
    capped(world)
    rows = in_sequences(world, world.contact(), went=0, low=0, late=1, early=1)
    went, low, late, early = rows
    await at(world, went, MONDAY)

    first = await at(world, low, MONDAY + HOUR)
    second = await at(world, late, MONDAY + 2 * HOUR, due=MONDAY + 2 * HOUR)
    third = await at(world, early, MONDAY + 3 * HOUR, due=MONDAY + HOUR)

    assert [one.until for one in (first, second, third) if isinstance(one, Deferred)] == [
        MONDAY + DAY
    ] * 3
    assert isinstance(await at(world, late, MONDAY + DAY, due=MONDAY + 2 * HOUR), Deferred)
    pushed = await at(world, low, MONDAY + DAY)
    assert isinstance(pushed, Deferred)
    assert pushed.until == MONDAY + 3 * DAY
    assert pushed.why == "over the cap of 1 a day, with the mails that go before it"
    assert isinstance(await at(world, early, MONDAY + DAY, due=MONDAY + HOUR), Sent)
    assert isinstance(await at(world, late, MONDAY + 2 * DAY, due=MONDAY + 2 * HOUR), Sent)
    assert isinstance(await at(world, low, MONDAY + 3 * DAY), Sent)


async def test_what_has_room_reserved_is_not_overtaken_by_what_comes_new(world: World) -> None:
    capped(world)
    went, waits, new = in_sequences(world, world.contact(), went=0, waits=0, new=0)
    await at(world, went, MONDAY)
    await at(world, waits, MONDAY + HOUR)

    later = await at(world, new, MONDAY + DAY, due=MONDAY + DAY)

    assert isinstance(later, Deferred)
    assert later.until == MONDAY + 2 * DAY


async def test_a_mail_that_has_no_room_in_time_is_told_so(world: World) -> None:
    capped(world, Caps.model_validate({"per_week": 1, "defer_up_to": {"count": 1, "unit": "days"}}))
    first, second = in_sequences(world, world.contact(), one=0, two=0)
    await at(world, first, MONDAY)

    over = await at(world, second, MONDAY + HOUR)

    assert isinstance(over, Deferred)
    assert over.until == MONDAY + 7 * DAY
    assert over.give_up_at == MONDAY + HOUR + DAY


async def test_a_suppression_goes_before_a_cap(world: World) -> None:
    capped(world)
    contact = world.contact()
    went, waits, behind = in_sequences(world, contact, went=0, waits=1, behind=0)
    await at(world, went, MONDAY)
    world.suppress(contact, Reason.UNSUBSCRIBED)

    assert await at(world, waits, MONDAY + HOUR) == Suppressed(reason=Reason.UNSUBSCRIBED)
    assert await at(world, behind, MONDAY + HOUR) == Suppressed(reason=Reason.UNSUBSCRIBED)


async def test_the_same_request_again_has_the_same_answer(world: World) -> None:
    capped(world)
    (row,) = in_sequences(world, world.contact(), one=0)

    first, second = await at(world, row, MONDAY), await at(world, row, MONDAY)

    assert isinstance(first, Sent)
    assert first == second

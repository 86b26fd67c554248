"""Who waits for room under a cap is told when there is some sooner (language rule 29)."""

from uuid import UUID

from devstack.emulator.faults import Fault, FaultKind
from schemas.activities import RoomRequest, SettleRequest
from schemas.events import Room
from schemas.outcomes import Deferred, Held, InDoubt, Sent, Suppressed
from schemas.policies import Caps
from storage.sending import caps, deferrals
from tests.activities.capped import DAY, HOUR, at, capped, in_sequences, paused, told
from tests.activities.world import World
from tests.builders import MONDAY


async def test_one_put_off_asks_again_when_who_goes_before_it_ends(world: World) -> None:
    capped(world)
    went, waits, behind = in_sequences(world, world.contact(), went=0, waits=1, behind=0)
    await at(world, went, MONDAY)
    await at(world, waits, MONDAY + HOUR)
    await at(world, behind, MONDAY + HOUR)

    world.ended(waits)

    assert told(world, behind) == [Room(id="room.intro.1.1", at=MONDAY, step="intro", asks=1)]
    assert told(world, waits) == []
    with world.engine.connect() as connection:
        (row,) = deferrals.of_enrollment(connection, UUID(waits.row))
    assert row.over_at == MONDAY
    assert isinstance(await at(world, behind, MONDAY + DAY), Sent)


async def test_who_goes_before_is_not_told_when_one_behind_it_ends(world: World) -> None:
    capped(world)
    went, waits, behind = in_sequences(world, world.contact(), went=0, waits=1, behind=0)
    await at(world, went, MONDAY)
    await at(world, waits, MONDAY + HOUR)
    await at(world, behind, MONDAY + HOUR)

    world.ended(behind)

    assert told(world, waits) == []


async def test_a_refused_mail_gives_its_room_back(world: World) -> None:
    capped(world)
    first, second = in_sequences(world, world.contact(), one=0, two=0)
    await at(world, first, MONDAY)
    await at(world, second, MONDAY + HOUR)
    await world.emulator.arm(Fault(kind=FaultKind.BAD_REQUEST))

    refused = await at(world, second, MONDAY + DAY)
    third = in_sequences(world, world.contact(), three=0)[0]

    assert isinstance(refused, Held)
    assert isinstance(await at(world, third, MONDAY + DAY), Sent)
    waits = await at(world, second, MONDAY + DAY + HOUR, resumes=1)
    assert isinstance(waits, Deferred)
    assert waits.asks == 2
    assert waits.since == MONDAY + DAY + HOUR


async def test_who_waits_is_told_when_a_mail_in_doubt_did_not_go(world: World) -> None:
    capped(world)
    first, second = in_sequences(world, world.contact(), one=0, two=0)
    await world.emulator.arm(Fault(kind=FaultKind.UNAVAILABLE))
    doubt = await at(world, first, MONDAY)
    assert isinstance(doubt, InDoubt)
    assert isinstance(await at(world, second, MONDAY + HOUR), Deferred)

    world.live.settle_send(SettleRequest(send=doubt.send, now=MONDAY + HOUR))

    assert [room.asks for room in told(world, second)] == [1]
    assert isinstance(await at(world, second, MONDAY + HOUR), Sent)


async def test_new_caps_count_at_once_and_all_who_wait_are_told(world: World) -> None:
    capped(world)
    first, second = in_sequences(world, world.contact(), one=0, two=0)
    await at(world, first, MONDAY)
    await at(world, second, MONDAY + HOUR)

    capped(world, Caps(per_day=2), MONDAY + 2 * HOUR)

    assert [room.at for room in told(world, second)] == [MONDAY + 2 * HOUR]
    assert isinstance(await at(world, second, MONDAY + 2 * HOUR), Sent)


async def test_without_caps_any_more_nothing_waits(world: World) -> None:
    capped(world)
    first, second = in_sequences(world, world.contact(), one=0, two=0)
    await at(world, first, MONDAY)
    await at(world, second, MONDAY + HOUR)

    capped(world, None)

    with world.engine.connect() as connection:
        assert caps.waiting(connection) == 0
    assert len(told(world, second)) == 1
    assert isinstance(await at(world, second, MONDAY + 2 * HOUR), Sent)


async def test_what_will_be_given_up_keeps_no_room_from_others(world: World) -> None:
    capped(world, Caps.model_validate({"per_week": 1, "defer_up_to": {"count": 1, "unit": "days"}}))
    went, high, low = in_sequences(world, world.contact(), went=0, high=9, low=0)
    await at(world, went, MONDAY)
    await at(world, high, MONDAY + HOUR)

    over = await at(world, low, MONDAY + 7 * DAY - HOUR)

    assert isinstance(over, Deferred)
    assert over.until == MONDAY + 7 * DAY


async def test_who_is_paused_keeps_no_room_from_others(world: World) -> None:
    capped(world)
    went, high, low = in_sequences(world, world.contact(), went=0, high=9, low=0)
    await at(world, went, MONDAY)
    await at(world, high, MONDAY + HOUR)
    paused(world, high)

    over = await at(world, low, MONDAY + 2 * HOUR)

    assert isinstance(over, Deferred)
    assert over.until == MONDAY + DAY


async def test_who_waits_behind_one_that_is_paused_is_told(world: World) -> None:
    capped(world)
    went, high, low = in_sequences(world, world.contact(), went=0, high=9, low=0)
    await at(world, went, MONDAY)
    await at(world, high, MONDAY + HOUR)
    await at(world, low, MONDAY + HOUR)

    paused(world, high)

    assert [room.asks for room in told(world, low)] == [1]
    assert told(world, high) == []


async def test_a_mail_that_is_skipped_leaves_its_room_to_who_goes_after_it(world: World) -> None:
    capped(world)
    went, waits, behind = in_sequences(world, world.contact(), went=0, waits=1, behind=0)
    await at(world, went, MONDAY)
    await at(world, waits, MONDAY + HOUR)
    await at(world, behind, MONDAY + HOUR)
    leave = RoomRequest(row=waits.row, step="intro", occurrence=1, now=MONDAY + 2 * HOUR)

    world.live.leave_room(leave)
    world.live.leave_room(leave)

    assert [room.at for room in told(world, behind)] == [MONDAY + 2 * HOUR]
    assert told(world, waits) == []
    assert isinstance(await at(world, behind, MONDAY + DAY), Sent)


async def test_a_mail_that_turns_out_to_be_suppressed_leaves_its_room(world: World) -> None:
    capped(world)
    person = world.contact()
    went, waits, behind = in_sequences(world, person, went=0, waits=1, behind=0)
    await at(world, went, MONDAY)
    await at(world, waits, MONDAY + HOUR)
    await at(world, behind, MONDAY + HOUR)
    world.suppress(person)

    outcome = await at(world, waits, MONDAY + 2 * HOUR)

    assert isinstance(outcome, Suppressed)
    assert [room.at for room in told(world, behind)] == [MONDAY + 2 * HOUR]

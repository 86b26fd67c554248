"""A workflow whose mail a cap puts off, on a real Temporal server (language rule 29)."""

from datetime import timedelta

from schemas.events import Room, Unsubscribe
from schemas.progress import What
from tests.builders import a_sequence, an_email, days
from tests.stage import Handle, Stage
from tests.workflows.test_cost import SKIPPED

DAY = timedelta(days=1)


async def put_off(stage: Stage, by: timedelta, give_up: timedelta = 7 * DAY) -> Handle:
    """Start an enrollment whose first mail is put off by so much when it asks first."""
    sequence = a_sequence(an_email("one"), an_email("two", transactional=True))
    stage.activities.deferring = {"one": [(by, give_up)]}
    return await stage.start(sequence)


async def events_of(handle: Handle) -> int:
    history = await handle.fetch_history()
    return sum(event.event_type not in SKIPPED for event in history.events)


async def test_a_mail_that_is_put_off_goes_at_its_reserved_moment(stage: Stage) -> None:
    handle = await put_off(stage, 2 * DAY)

    waiting = await stage.until(handle, "live")
    await stage.skip(handle, 2 * DAY)
    report = await handle.result()

    assert waiting.next is not None
    assert waiting.next.step == "one"
    assert "over the cap" in waiting.next.why
    assert report.sent == 2


async def test_being_put_off_costs_at_most_eleven_more_events(stage: Stage) -> None:
    plain = await stage.start(a_sequence(an_email("one"), an_email("two", transactional=True)))
    await plain.result()
    handle = await put_off(stage, 2 * DAY)
    await stage.until(handle, "live")
    await stage.skip(handle, 2 * DAY)
    await handle.result()

    assert await events_of(handle) - await events_of(plain) <= 11


async def test_room_wakes_it(stage: Stage) -> None:
    handle = await put_off(stage, 5 * DAY)
    await stage.until(handle, "live")

    await stage.signal(handle, Room(id="r", step="one", asks=1))

    assert (await handle.result()).sent == 2


async def test_what_finds_no_room_in_time_is_skipped(stage: Stage) -> None:
    handle = await put_off(stage, 9 * DAY)
    await stage.until(handle, "live")

    await stage.skip(handle, 7 * DAY)
    report = await handle.result()

    (end,) = [one for one in stage.activities.endings if one.ending.at == report.at]
    assert report.sent == 1
    assert [one.why.partition(":")[0] for one in end.timeline if one.what is What.SKIPPED] == [
        "capped"
    ]


async def test_a_mail_that_is_skipped_leaves_its_room_to_others(stage: Stage) -> None:
    sequence = a_sequence(an_email("one", valid_for=days(1)), an_email("two", transactional=True))
    stage.activities.deferring = {"one": [(2 * DAY, 7 * DAY)]}
    handle = await stage.start(sequence)
    await stage.until(handle, "live")

    await stage.skip(handle, 2 * DAY)
    report = await handle.result()

    assert report.sent == 1
    (left,) = stage.activities.rooms
    assert (left.row, left.step) == (stage.activities.begun[0].run_id, "one")


async def test_a_mail_that_is_skipped_without_having_waited_has_no_room_to_leave(
    stage: Stage,
) -> None:
    handle = await stage.start(a_sequence(an_email("one"), an_email("two", transactional=True)))
    await handle.signal("unsubscribe", Unsubscribe(id="u1"))
    await handle.result()

    assert stage.activities.rooms == []

"""Who is held at a mail, by cause, and how all of one cause go on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from devstack.emulator.faults import Fault, FaultKind
from schemas.events import Control
from schemas.outcomes import Enrolled, Held, Refused, Sent
from starter.holding import Mended, Released, held, release
from storage import enrolled, enrollments
from storage.schema.outgoing_tables import deliveries
from storage.sending import brakes
from tests.activities.world import OVER, World
from tests.builders import MONDAY

NAMELESS = "intro.md, line 4: contact.first_name has no value"


def mended(cause: str = NAMELESS) -> Mended:
    return Mended(cause=cause, who="olga", why="named", at=MONDAY, per_second=10)


async def two_held(world: World) -> list[Enrolled]:
    world.publish()
    people = [world.contact(email=f"{one}@customer.example", first_name=None) for one in "ab"]
    rows = [world.enrolled(one) for one in people]
    for hours, row in enumerate(rows):
        outcome = await world.send(row, due=MONDAY - timedelta(hours=hours))
        assert isinstance(outcome, Held)
    return rows


async def test_who_is_held_is_shown_by_cause(world: World) -> None:
    await two_held(world)

    [one] = held(world.engine, {})

    assert (one.count, one.sequences, one.since) == (2, ("welcome",), MONDAY)
    assert one.cause.startswith(NAMELESS)


async def test_all_of_one_cause_go_on_those_due_first_first_each_once(world: World) -> None:
    rows = await two_held(world)
    for one in "ab":
        world.contact(email=f"{one}@customer.example", first_name="Ada")

    answer = release(world.engine, mended(), {})

    assert answer == Released(released=2, seconds=3)
    with world.engine.connect() as connection:
        order = select(deliveries.c.workflow_id).order_by(deliveries.c.due_wall)
        told = list(connection.scalars(order))
    assert told == [f"welcome.{row.contact_id}" for row in reversed(rows)]
    assert held(world.engine, {}) == []
    assert isinstance(release(world.engine, mended(), {}), Refused)
    assert isinstance(await world.send(rows[0], resumes=1), Sent)


async def test_who_is_held_again_is_shown_again(world: World) -> None:
    rows = await two_held(world)
    release(world.engine, mended(), {})

    await world.send(rows[0], resumes=1)

    assert [one.count for one in held(world.engine, {})] == [1]


async def test_another_cause_releases_nobody(world: World) -> None:
    rows = await two_held(world)
    world.ended(rows[0])

    answer = release(world.engine, mended("SendGrid refused"), {})

    assert isinstance(answer, Refused)
    assert "nobody is held for 'SendGrid refused'" in answer.message
    assert [one.count for one in held(world.engine, {})] == [1]


NO_DATE = "there is no readable date for data.end - 3 days: give it one"
PAST = "data.end - 3 days was past already when it became known: resume to send it now, or skip it"


async def two_listed(world: World) -> list[str]:
    """Have two who are held for what PostgreSQL knows nothing of."""
    world.publish()
    people = [world.contact(email=f"{one}@customer.example") for one in "cd"]
    return [f"welcome.{world.enrolled(one).contact_id}" for one in people]


async def test_who_is_held_for_a_date_is_shown_and_goes_on_too(world: World) -> None:
    listed = dict.fromkeys(await two_listed(world), PAST)

    [one] = held(world.engine, listed)
    answer = release(world.engine, mended("data.end - 3 days was past"), listed)

    assert (one.cause, one.count, one.sequences) == (PAST, 2, ("welcome",))
    assert answer == Released(released=2, seconds=3)
    assert held(world.engine, listed) == []


async def test_who_was_paused_or_ended_since_is_not_held(world: World) -> None:
    one, two = await two_listed(world)
    with world.engine.begin() as connection:
        row = enrolled.find(connection, one)
        other = enrolled.find(connection, two)
        assert row is not None
        assert other is not None
        pause = Control(id="p", action="pause", who="kim")
        enrollments.pause(connection, row.id, pause, MONDAY)
        enrollments.end(connection, other.id, OVER, 1000)

    assert held(world.engine, {one: PAST, two: PAST, "welcome.gone": PAST}) == []


async def test_who_has_no_date_is_let_go_by_a_date_alone(world: World) -> None:
    listed = dict.fromkeys(await two_listed(world), NO_DATE)

    answer = release(world.engine, mended(NO_DATE[:20]), listed)

    assert isinstance(answer, Refused)
    assert answer.message.startswith("2 of them have no date, and a release gives them none")
    assert [one.count for one in held(world.engine, listed)] == [2]


async def test_who_is_held_at_a_mail_comes_once_though_temporal_lists_the_same(
    world: World,
) -> None:
    rows = await two_held(world)
    listed = {f"welcome.{row.contact_id}": NAMELESS[:12] for row in rows}

    assert [one.count for one in held(world.engine, listed)] == [2]


@pytest.mark.parametrize(
    ("kind", "cause", "ref"),
    [
        (FaultKind.UNAUTHORIZED, "SendGrid answered 401", "account"),
        (FaultKind.FORBIDDEN, "SendGrid answered 403", "sender:olga@acme.example"),
    ],
)
async def test_what_sendgrid_stopped_is_shown_among_them_and_released(
    world: World, kind: FaultKind, cause: str, ref: str
) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=kind))
    await world.send(row)

    [one] = held(world.engine, {})
    answer = release(world.engine, mended(cause), {})

    assert (one.cause[: len(cause)], one.count, one.sequences) == (cause, 1, ("welcome",))
    assert answer == Released(released=1, seconds=0)
    with world.engine.connect() as connection:
        assert brakes.standing(connection) == []
    assert isinstance(await world.send(row), Sent), ref

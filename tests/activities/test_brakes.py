"""Brakes: what one row keeps back for all whom it concerns, and how they go on afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from activities.mailing.braking import KeptBack, keep_back
from devstack.emulator.faults import Fault, FaultKind
from schemas.activities import SendRequest
from schemas.content import Mailbox
from schemas.outcomes import Braked, Enrolled, Refused, Sent, Stopped
from starter import braking
from starter.braking import Released, release, standing, stop
from storage.schema.outgoing_tables import deliveries
from storage.sending import brakes, claims, kept_back
from tests.activities.capped import capped, told
from tests.activities.world import OLGA, World
from tests.builders import MONDAY, a_sequence, an_email
from tests.storage.given import a_claim
from tests.storage.rivals import Rivals

SAM = Mailbox(email="Sam@acme.example", name="Sam")
TEXT = "---\nsubject: Hello\n---\nHi.\n"


def in_both(world: World) -> tuple[Enrolled, Enrolled]:
    """Enroll Ada in a sequence of Olga's and Bob, elsewhere, in one of Sam's."""
    ada, bob = world.contact(), world.contact(email="bob@elsewhere.example")
    sequences = [a_sequence(an_email("intro"), name=name) for name in ("welcome", "other")]
    world.publish(sequences[0], files={"intro.md": TEXT}, sender=OLGA)
    world.publish(sequences[1], files={"intro.md": TEXT}, sender=SAM)
    return world.enrolled(ada), world.enrolled(bob, "other")


def a_request(row: Enrolled) -> SendRequest:
    given = {"row": row.row, "step": "intro", "occurrence": 1, "due": MONDAY, "now": MONDAY}
    return SendRequest.model_validate({**given, "why": "it is due"})


def _release(connection: Connection) -> int:
    brake = brakes.release(connection, "all", "", "olga")
    assert brake is not None
    return len(kept_back.release(connection, brake.id, MONDAY))


def stopped(world: World, ref: str) -> braking.Stopped:
    answer = stop(world.engine, ref, who="olga", why="a leak", at=MONDAY)
    assert isinstance(answer, braking.Stopped)
    return answer


def released(world: World, ref: str, per_second: float = 10) -> Released:
    answer = release(world.engine, ref, who="olga", at=MONDAY, per_second=per_second)
    assert isinstance(answer, Released)
    return answer


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("sender:olga@acme.example", "its sender is paused, by olga: a leak"),
        ("sequence:welcome", "its sequence is paused, by olga: a leak"),
        ("domain:customer.example", "mails to its domain are paused, by olga: a leak"),
        ("contact:ada@customer.example", "mails to its contact are paused, by olga: a leak"),
    ],
)
async def test_a_brake_keeps_back_whom_it_concerns_and_nobody_else(
    world: World, ref: str, words: str
) -> None:
    ada, bob = in_both(world)
    stopped(world, ref)

    kept, other = await world.send(ada), await world.send(bob)

    until = MONDAY + timedelta(days=1)
    assert kept == Braked(since=MONDAY, until=until, why=words, asks=1, shows=True)
    assert isinstance(other, Sent)
    assert world.sends_of(ada) == []


@pytest.mark.parametrize("ref", ["all", "account"])
async def test_a_stop_of_all_sending_keeps_back_transactional_mails_too(
    world: World, ref: str
) -> None:
    receipt = an_email("receipt", transactional=True)
    world.publish(a_sequence(receipt), files={"receipt.md": TEXT})
    row = world.enrolled(world.contact())
    stopped(world, ref)

    assert isinstance(await world.send(row, "receipt"), Braked)
    assert await world.mails() == []


async def test_who_waited_is_told_in_the_order_in_which_they_were_due(world: World) -> None:
    ada, bob = in_both(world)
    stopped(world, "all")
    for row, hours in ((ada, 2), (bob, 1)):
        await world.send(row, due=MONDAY - timedelta(hours=hours))

    answer = released(world, "all", per_second=1)

    assert answer == Released(ref="all", waited=2, seconds=11)
    with world.engine.connect() as connection:
        laid_out = select(deliveries.c.workflow_id).order_by(deliveries.c.due_wall)
        assert [one.partition(".")[0] for one in connection.scalars(laid_out)] == [
            "welcome",
            "other",
        ]
    assert [one.asks for one in told(world, ada)] == [1]
    assert isinstance(await world.send(ada), Sent)


async def test_a_brake_that_is_on_is_not_put_on_twice_and_one_that_is_off_not_released(
    world: World,
) -> None:
    in_both(world)
    first, second = stopped(world, "sequence:welcome"), stopped(world, "sequence:welcome")
    released(world, "sequence:welcome")

    again = release(world.engine, "sequence:welcome", who="olga", at=MONDAY)

    assert (first.new, second.new) == (True, False)
    assert isinstance(again, Refused)
    assert standing(world.engine) == []


async def test_behind_one_brake_another_may_keep_a_mail_back(world: World) -> None:
    ada, _ = in_both(world)
    stopped(world, "all")
    stopped(world, "domain:customer.example")
    await world.send(ada)
    released(world, "all")

    again = await world.send(ada)

    assert isinstance(again, Braked)
    assert (again.asks, again.why) == (2, "mails to its domain are paused, by olga: a leak")
    assert [(one.of, one.waiting) for one in standing(world.engine)] == [("domain", 1)]


async def test_what_ended_meanwhile_is_not_told(world: World) -> None:
    ada, _ = in_both(world)
    stopped(world, "all")
    await world.send(ada)
    world.ended(ada)

    assert isinstance(await world.send(ada), Stopped)
    assert released(world, "all").waited == 0


async def test_a_mail_that_a_brake_keeps_back_takes_no_room_of_a_cap(world: World) -> None:
    ada = world.contact()
    for name in ("welcome", "other"):
        sequence = a_sequence(an_email("intro"), name=name)
        world.publish(sequence, files={"intro.md": TEXT})
    first, second = world.enrolled(ada), world.enrolled(ada, "other")
    capped(world)
    stopped(world, "sequence:welcome")
    await world.send(first)

    assert isinstance(await world.send(second), Sent)


@pytest.mark.parametrize("kind", [FaultKind.UNAUTHORIZED, FaultKind.CREDITS_EXCEEDED])
async def test_a_key_that_sendgrid_takes_nothing_from_stops_all_after_one_request(
    world: World, kind: FaultKind
) -> None:
    ada, bob = in_both(world)
    await world.emulator.arm(Fault(kind=kind))

    kept, other = await world.send(ada), await world.send(bob)

    assert isinstance(kept, Braked)
    assert "SendGrid answered 401" in kept.why
    assert isinstance(other, Braked)
    assert [one.state for one in world.sends_of(ada)] == ["retry"]
    assert world.sends_of(bob) == []
    assert released(world, "account").waited == 2
    assert isinstance(await world.send(ada), Sent)
    assert isinstance(await world.send(bob), Sent)


async def test_a_sender_that_sendgrid_refuses_waits_alone(world: World) -> None:
    ada, bob = in_both(world)
    await world.emulator.arm(Fault(kind=FaultKind.FORBIDDEN))

    refused = await world.send(bob)
    again = await world.send(bob)

    assert isinstance(refused, Braked)
    assert isinstance(again, Braked)
    assert isinstance(await world.send(ada), Sent)
    [brake] = standing(world.engine)
    assert (brake.of, brake.target, brake.who) == ("sender", "sam@acme.example", "SendGrid")
    assert "verify the sender" in brake.why


def test_a_mail_that_is_just_being_kept_back_is_told_of_the_release(world: World) -> None:
    ada, _ = in_both(world)
    stopped(world, "all")
    with ThreadPoolExecutor() as threads, world.engine.connect() as connection:
        rivals = Rivals(world.engine, threads)
        lost = claims.claim(connection, a_claim(UUID(ada.row)))
        assert isinstance(lost, claims.Braked)
        releasing = rivals.start_blocked(_release)
        mail = KeptBack(a_request(ada), ada.contact_id, 0)
        keep_back(connection, mail, lost.brake)
        connection.commit()

    assert releasing.result() == 1


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("sequence:nothing", "there is no published sequence nothing"),
        ("contact:nobody@example.com", "there is no such contact"),
        ("people:ada", "people:ada is none of all, account"),
    ],
)
def test_what_nobody_is_cannot_be_stopped(world: World, ref: str, words: str) -> None:
    answer = stop(world.engine, ref, who="olga", why="", at=MONDAY)

    assert isinstance(answer, Refused)
    assert words in answer.message

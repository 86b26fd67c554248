import asyncio
import socket
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import update
from temporalio.exceptions import ApplicationError

from activities.live import LiveActivities
from activities.mailing.claiming import POST_OVER, Claiming
from activities.mailing.sendgrid import SendGrid
from activities.mailing.sending import POST_WITHIN, Sending
from activities.published import Library
from devstack.emulator.faults import Fault, FaultKind
from schemas.activities import SendRequest
from schemas.outcomes import Held, InDoubt, Sent
from storage.schema.tables import sends as table
from storage.sending.claims import Claim, claim
from tests.activities.world import ADDRESSES, KEY, World
from tests.builders import MONDAY


async def test_the_same_request_again_sends_nothing_more(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())

    first, second = await world.send(row), await world.send(row)

    assert first == second
    assert len(await world.mails()) == 1


async def test_of_many_at_once_one_sends(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())

    outcomes = await asyncio.gather(*(world.send(row) for _ in range(8)), return_exceptions=True)

    assert len(await world.mails()) == 1
    assert len({outcome.send for outcome in outcomes if isinstance(outcome, Sent)}) == 1
    faults = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert {getattr(fault, "type", None) for fault in faults} <= {"StillPosted"}


async def test_a_mail_that_does_not_render_is_held_until_a_resume(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact(first_name=None))

    held = await world.send(row)
    world.contact(first_name="Ada")
    still = await world.send(row)
    resumed = await world.send(row, resumes=1)

    assert held == still
    assert held == Held(
        reason="intro.md, line 4: contact.first_name has no value; "
        'give it one, or write {{ contact.first_name or "…" }}'
    )
    assert isinstance(resumed, Sent)
    assert len(await world.mails()) == 1


async def test_what_cannot_be_reached_is_tried_again(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nowhere = f"http://127.0.0.1:{listener.getsockname()[1]}"
    cut_off = World(
        world.engine,
        world.emulator,
        nowhere,
        LiveActivities(world.engine, SendGrid(KEY, nowhere), ADDRESSES),
    )

    with pytest.raises(ApplicationError) as raised:
        await cut_off.send(row)

    assert raised.value.type == "NotAccepted"
    assert not raised.value.non_retryable
    assert world.sends_of(row)[0].state == "retry"
    assert isinstance(await world.send(row), Sent)
    assert world.sends_of(row)[0].attempt == 2


async def test_a_rate_limit_says_when_to_come_back(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=FaultKind.TOO_MANY_REQUESTS, seconds=600))

    with pytest.raises(ApplicationError) as raised:
        await world.send(row)

    wait = raised.value.next_retry_delay
    assert wait is not None
    assert timedelta(minutes=9) < wait < timedelta(minutes=11)
    assert isinstance(await world.send(row), Sent)


async def test_a_mail_that_sendgrid_refuses_is_held_with_its_words_until_a_resume(
    world: World,
) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=FaultKind.BAD_REQUEST))

    held = await world.send(row)

    assert isinstance(held, Held)
    assert "SendGrid refused this mail (400)" in held.reason
    assert await world.send(row) == held
    assert isinstance(await world.send(row, resumes=1), Sent)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.HANG_AFTER_ACCEPT,
        FaultKind.CLOSE_AFTER_ACCEPT,
        FaultKind.ERROR_AFTER_ACCEPT,
        FaultKind.CUT_AFTER_ACCEPT,
        FaultKind.UNAVAILABLE,
    ],
)
async def test_what_nobody_can_know_is_in_doubt_and_not_sent_again(
    world: World, kind: FaultKind
) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=kind))

    outcome = await world.send(row)

    (send,) = world.sends_of(row)
    assert outcome == InDoubt(send=str(send.id), at=MONDAY, from_now=True)
    assert await world.send(row, resumes=1) == outcome
    assert len(await world.mails()) == (0 if kind is FaultKind.UNAVAILABLE else 1)


async def test_a_claim_that_a_dead_worker_left_is_in_doubt_once_nobody_can_be_posting(
    world: World,
) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    wanted = Claim(
        row=UUID(row.row), step="intro", due=MONDAY, at=MONDAY, why="due", mail_domain="a.example"
    )
    with world.engine.begin() as connection:
        claim(connection, wanted)

    with pytest.raises(ApplicationError) as raised:
        await world.send(row)
    too_soon = world.sends_of(row)[0].state
    with world.engine.begin() as connection:
        connection.execute(update(table).values(claimed_wall=table.c.claimed_wall - POST_OVER))
    outcome = await world.send(row)

    assert (raised.value.type, too_soon) == ("StillPosted", "claimed")
    assert raised.value.next_retry_delay is not None
    assert timedelta(0) < raised.value.next_retry_delay <= POST_OVER
    assert isinstance(outcome, InDoubt)
    assert world.sends_of(row)[0].state == "in_doubt"
    assert await world.mails() == []


async def test_a_worker_that_was_held_up_does_not_post(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    slow = count(0, step=POST_WITHIN.total_seconds() + 1)
    claiming = Claiming(world.engine, Library(), ADDRESSES.mail_domain)
    sending = Sending(
        world.engine, SendGrid(KEY, world.url), ADDRESSES, claiming, lambda: next(slow)
    )
    request = SendRequest(
        row=row.row, step="intro", occurrence=1, due=MONDAY, now=MONDAY, why="it is due"
    )

    with pytest.raises(ApplicationError, match="too slow"):
        await asyncio.to_thread(sending.send, request)

    assert world.sends_of(row)[0].state == "retry"
    assert await world.mails() == []

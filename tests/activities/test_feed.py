"""Mails in doubt, looked up in SendGrid's Email Activity Feed."""

import asyncio
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError

from activities.live import LiveActivities
from activities.mailing.feed import AskLater, Feed, Listed, Unlisted
from activities.mailing.sendgrid import SendGrid
from devstack.emulator.config import ActivityFeed
from devstack.emulator.faults import Fault, FaultKind
from schemas.activities import SettleRequest
from schemas.outcomes import InDoubt, Sent, Settled
from storage.sending import sends
from tests.activities.peers import Script, a_peer, answering, closing, saying
from tests.activities.world import ADDRESSES, KEY, World
from tests.builders import MONDAY

SEND = UUID(int=7)


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        (answering(200, '{"messages": []}'), Unlisted),
        (answering(200, '{"messages": [{"msg_id": "a.b", "status": "processed"}]}'), Listed),
        (answering(200, "<html>"), AskLater),
        (answering(200, '{"messages": 3}'), AskLater),
        (answering(400), Unlisted),
        (answering(403), Unlisted),
        (answering(404, "not here"), Unlisted),
        (answering(302, Location="/elsewhere"), Unlisted),
        (answering(429, X_RateLimit_Reset="1900000000"), AskLater),
        (answering(503), AskLater),
        (saying("nonsense\r\n\r\n"), AskLater),
        (closing, AskLater),
    ],
    ids=[
        *("none", "one", "a page", "another shape", "400", "403", "404", "302"),
        *("429", "503", "nonsense", "closed"),
    ],
)
def test_each_answer_of_the_feed_is_read(script: Script, answer: type) -> None:
    with a_peer(script) as peer:
        found = Feed(KEY, peer.url, timeout=0.5).look_up(SEND)

    assert isinstance(found, answer)
    query = b"GET /v3/messages?query=%28unique_args%5B%27seq_send_id%27%5D%3D%22"
    assert peer.requests[0].startswith(query)


async def in_doubt(world: World, kind: FaultKind) -> InDoubt:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=kind))
    doubt = await world.send(row)
    assert isinstance(doubt, InDoubt)
    return doubt


async def settled(
    world: World, doubt: InDoubt, feed: ActivityFeed, *, resend: bool = False
) -> Settled:
    switches = await world.emulator.switches()
    await world.emulator.switch(switches.model_copy(update={"activity_feed": feed}))
    sendgrid = SendGrid(KEY, world.url)
    live = LiveActivities(world.engine, sendgrid, ADDRESSES, Feed(KEY, world.url))
    request = SettleRequest(send=doubt.send, now=MONDAY, resend=resend)
    return await asyncio.to_thread(live.settle_send, request)


def last_change(world: World, doubt: InDoubt) -> tuple[str, str]:
    with world.engine.connect() as connection:
        last = sends.changes_of(connection, UUID(doubt.send))[-1]
    return last.cause, last.why or ""


@pytest.mark.parametrize("resend", [False, True])
async def test_a_mail_that_sendgrid_has_is_settled_as_sent(world: World, *, resend: bool) -> None:
    doubt = await in_doubt(world, FaultKind.CLOSE_AFTER_ACCEPT)

    answer = await settled(world, doubt, ActivityFeed.OPEN, resend=resend)

    cause, why = last_change(world, doubt)
    assert answer == Settled(accepted=True)
    assert (cause, why[:27]) == ("log", "the activity feed has it as")


async def test_a_mail_that_is_not_there_counts_as_not_sent_and_that_was_seen(world: World) -> None:
    doubt = await in_doubt(world, FaultKind.UNAVAILABLE)

    answer = await settled(world, doubt, ActivityFeed.OPEN)

    assert answer == Settled(accepted=False)
    assert last_change(world, doubt) == (
        "give_up",
        "SendGrid answered 503; the activity feed does not have it",
    )


async def test_without_the_add_on_the_half_hour_decides(world: World) -> None:
    doubt = await in_doubt(world, FaultKind.CLOSE_AFTER_ACCEPT)

    answer = await settled(world, doubt, ActivityFeed.NONE, resend=True)

    cause, why = last_change(world, doubt)
    assert answer == Settled(accepted=False, again=True)
    assert cause == "resend"
    assert why.endswith("the activity feed answered 400 (authorization required)")


async def test_a_feed_that_cannot_say_it_now_is_asked_again_and_nothing_is_settled(
    world: World,
) -> None:
    doubt = await in_doubt(world, FaultKind.UNAVAILABLE)
    with a_peer(answering(503)) as peer:
        live = LiveActivities(
            world.engine, SendGrid(KEY, world.url), ADDRESSES, Feed(KEY, peer.url)
        )
        with pytest.raises(ApplicationError) as raised:
            await asyncio.to_thread(live.settle_send, SettleRequest(send=doubt.send, now=MONDAY))

    assert raised.value.type == "FeedBusy"
    assert last_change(world, doubt)[0] == "lose"


async def test_what_an_event_has_settled_is_not_looked_up(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    sent = await world.send(row)
    assert isinstance(sent, Sent)
    with a_peer(answering(503)) as peer:
        live = LiveActivities(
            world.engine, SendGrid(KEY, world.url), ADDRESSES, Feed(KEY, peer.url)
        )
        answer = live.settle_send(SettleRequest(send=sent.send, now=MONDAY))

    assert answer == Settled(accepted=True)
    assert peer.requests == []

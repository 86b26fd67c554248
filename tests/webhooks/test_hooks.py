"""Webhooks that sequences post: signed, tried again, given up where that is asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from activities.reaching import networks
from starter.outgoing.hooks import HookDoor, signing_keys
from starter.outgoing.noticing import PAUSES, Noticing
from storage import notices
from storage.notices import ListedNotice, NewNotice
from storage.schema.outgoing_tables import notices as table
from tests.builders import MONDAY
from tests.webhooks.endpoints import Endpoint, Posted, an_endpoint, answering

SECRET = "whsec_" + "c2VjcmV0LW9mLXR3ZW50eS1mb3VyLWJ5dGVz"
OTHER = "whsec_" + "b3RoZXItb2YtdHdlbnR5LWZvdXItYnl0ZXMh"
BODY = {"id": "msg_1", "type": "postroad.step", "data": {"city": "Zürich"}}


@asynccontextmanager
async def noticing(engine: Engine, *secrets: str) -> AsyncIterator[Noticing]:
    door = HookDoor(signing_keys(secrets or [SECRET]), networks(["127.0.0.0/8"]))
    try:
        yield Noticing(engine, {"webhook": door})
    finally:
        await door.close()


def lay_out(engine: Engine, url: str, key: str = "one") -> int:
    payload = {"url": url, "body": BODY}
    notice = NewNotice(natural_key=key, kind="webhook", at=MONDAY, payload=payload)
    with engine.begin() as connection:
        made = notices.lay_out(connection, notice)
    assert made is not None
    return made


def come_due(engine: Engine, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(update(table).values(due_wall=func.now(), **values))


def on_record(engine: Engine) -> ListedNotice:
    with engine.connect() as connection:
        [one] = notices.listing(connection)
    return one


async def posted_once(engine: Engine, url: str) -> ListedNotice:
    lay_out(engine, url)
    async with noticing(engine) as bringing:
        assert await bringing.once() == 1
    return on_record(engine)


def verified(secret: str, posted: Posted) -> object:
    return Webhook(secret).verify(posted.body, posted.headers)


@pytest.mark.usefixtures("world")
async def test_a_webhook_is_posted_so_that_others_can_verify_it(engine: Engine) -> None:
    async with an_endpoint() as endpoint:
        one = await posted_once(engine, endpoint.url)

    [posted] = endpoint.posted
    assert verified(SECRET, posted) == BODY
    assert posted.path == "/hook"
    assert posted.headers["webhook-id"] == "msg_1"
    assert posted.headers["content-type"] == "application/json"
    assert one.delivered_wall is not None


@pytest.mark.usefixtures("world")
async def test_a_receiver_may_know_any_one_of_the_secrets(engine: Engine) -> None:
    async with an_endpoint() as endpoint, noticing(engine, SECRET, OTHER) as bringing:
        lay_out(engine, endpoint.url)
        await bringing.once()

    [posted] = endpoint.posted
    assert verified(SECRET, posted) == verified(OTHER, posted) == BODY
    with pytest.raises(WebhookVerificationError):
        verified("whsec_" + "bm9ib2R5LW9mLXR3ZW50eS1mb3VyLWJ5dGVz", posted)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
async def test_what_is_refused_is_tried_again_later(engine: Engine, status: int) -> None:
    async with an_endpoint(answering(status)) as endpoint:
        one = await posted_once(engine, endpoint.url)

    assert one.delivered_wall is None
    assert one.gone_wall is None
    assert one.last_error == f"the endpoint answered {status}"


@pytest.mark.usefixtures("world")
async def test_pauses_grow_over_three_days_and_then_it_is_given_up(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = []
    async with an_endpoint(answering(500)) as endpoint, noticing(engine) as bringing:
        lay_out(engine, endpoint.url)
        for _ in PAUSES:
            await bringing.once()
            with engine.connect() as connection:
                left = table.c.due_wall - func.now()
                pauses.append(connection.scalars(select(left)).one())
            come_due(engine)
        await bringing.once()

    assert pauses == sorted(pauses)
    assert timedelta(days=2, hours=23) < sum(pauses, timedelta()) < timedelta(days=3)
    one = on_record(engine)
    assert (one.attempts, one.last_error) == (len(PAUSES) + 1, "the endpoint answered 500")
    assert one.gone_wall is not None
    assert f"notice {one.id} was given up" in caplog.text


@pytest.mark.usefixtures("world")
async def test_a_repeat_has_the_same_id_and_a_fresh_timestamp_fits_it(engine: Engine) -> None:
    async with an_endpoint(answering(500, 204)) as endpoint, noticing(engine) as bringing:
        lay_out(engine, endpoint.url)
        await bringing.once()
        come_due(engine)
        await bringing.once()

    first, second = endpoint.posted
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert verified(SECRET, second) == BODY
    assert on_record(engine).delivered_wall is not None


@pytest.mark.usefixtures("world")
async def test_gone_gives_up_at_once(engine: Engine) -> None:
    async with an_endpoint(answering(410)) as endpoint:
        one = await posted_once(engine, endpoint.url)

    assert one.gone_wall is not None
    assert one.last_error == "the endpoint answered 410"


@pytest.mark.usefixtures("world")
async def test_redirects_are_not_followed(engine: Engine) -> None:
    async with (
        an_endpoint() as target,
        an_endpoint(answering(307, location=target.url)) as endpoint,
    ):
        one = await posted_once(engine, endpoint.url)

    assert target.posted == []
    assert one.last_error == "the endpoint answered 307: redirects are not followed"


@pytest.mark.usefixtures("world")
async def test_an_endpoint_that_is_not_there_is_tried_again(engine: Engine) -> None:
    async with an_endpoint() as endpoint:
        url = endpoint.url

    one = await posted_once(engine, url)

    assert one.last_error == "no answer (ConnectError)"
    assert one.gone_wall is None


@pytest.mark.usefixtures("world")
async def test_an_address_that_is_not_safe_is_not_called(engine: Engine) -> None:
    one = await posted_once(engine, "http://hooks.example.org/x")

    assert one.gone_wall is not None
    assert one.last_error == "its address is neither https nor on this machine"


@pytest.mark.usefixtures("world")
async def test_without_a_secret_webhooks_wait_and_say_so(engine: Engine) -> None:
    door = HookDoor(())
    async with an_endpoint() as endpoint:
        lay_out(engine, endpoint.url)
        await Noticing(engine, {"webhook": door}).once()
    await door.close()

    assert endpoint.posted == []
    assert on_record(engine).last_error == "POSTROAD_WEBHOOK_SECRET is not set on the worker"


async def cancelled(running: asyncio.Task[None]) -> None:
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def until_posted(endpoint: Endpoint) -> None:
    await asyncio.wait_for(endpoint.came.wait(), 30)


@pytest.mark.usefixtures("world")
async def test_an_endpoint_that_hangs_holds_up_nobody_else(engine: Engine) -> None:
    async with (
        an_endpoint(hangs=True) as slow,
        an_endpoint() as quick,
        noticing(engine) as bringing,
    ):
        for number in range(20):
            lay_out(engine, slow.url, f"slow-{number}")
        running = asyncio.create_task(bringing.run())
        await until_posted(slow)
        lay_out(engine, quick.url, "quick")

        await until_posted(quick)

        assert len(slow.posted) <= 5
        slow.release.set()
        await cancelled(running)


@pytest.mark.usefixtures("world")
async def test_who_is_told_to_stop_finishes_what_is_under_way(engine: Engine) -> None:
    async with an_endpoint(hangs=True) as endpoint, noticing(engine) as bringing:
        lay_out(engine, endpoint.url)
        running = asyncio.create_task(bringing.run())
        await until_posted(endpoint)

        running.cancel()
        endpoint.release.set()
        with pytest.raises(asyncio.CancelledError):
            await running

    assert on_record(engine).delivered_wall is not None


@pytest.mark.usefixtures("world")
async def test_two_processes_post_each_webhook_once(engine: Engine) -> None:
    async with (
        an_endpoint() as endpoint,
        noticing(engine) as one,
        noticing(engine) as other,
    ):
        for number in range(10):
            lay_out(engine, endpoint.url, f"{number}")
        while sum(await asyncio.gather(one.once(), other.once())):
            pass

    assert len(endpoint.posted) == 10

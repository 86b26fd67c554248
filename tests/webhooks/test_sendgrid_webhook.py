import json

import httpx
import pytest

from inbound.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from storage.rows import SendRow
from tests.webhooks.fakes import FakeRelay
from tests.webhooks.given import World
from tests.webhooks.posting import NOW, Sender, an_item

PATH = "/webhooks/sendgrid"
OPENED = json.dumps([an_item("open")]).encode()


@pytest.fixture
def send(world: World) -> SendRow:
    return world.send(world.enrollment())


async def test_a_batch_is_stored_before_it_is_answered(
    client: httpx.AsyncClient, sender: Sender, world: World, send: SendRow, relay: FakeRelay
) -> None:
    body = json.dumps([an_item("delivered", send), an_item("open", send)]).encode()

    answer = await sender.post(client, body)

    assert answer.status_code == 204
    assert answer.content == b""
    assert world.kinds() == ["delivered", "open"]
    assert relay.nudges == 1


@pytest.mark.usefixtures("world")
async def test_an_empty_batch_is_fine(client: httpx.AsyncClient, sender: Sender) -> None:
    assert (await sender.post(client, b"[]")).status_code == 204


async def test_without_a_signature_nothing_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, content=OPENED)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "The signature headers are missing."


async def test_a_forged_signature_stores_nothing(
    client: httpx.AsyncClient, world: World, send: SendRow
) -> None:
    body = json.dumps([an_item("spamreport", send)]).encode()

    answer = await client.post(PATH, content=body, headers=Sender().headers(body))

    assert answer.status_code == 403
    assert world.events() == []
    assert world.reasons() == []


async def test_a_signature_of_another_body_is_forged(
    client: httpx.AsyncClient, sender: Sender
) -> None:
    answer = await client.post(PATH, content=OPENED, headers=sender.headers(OPENED + b" "))

    assert answer.status_code == 403


async def test_a_digit_moved_from_the_timestamp_into_the_body_is_forged(
    client: httpx.AsyncClient, sender: Sender
) -> None:
    headers = sender.headers(OPENED)
    moved = headers[TIMESTAMP_HEADER][-1].encode()
    headers[TIMESTAMP_HEADER] = headers[TIMESTAMP_HEADER][:-1]

    answer = await client.post(PATH, content=moved + OPENED, headers=headers)

    assert answer.status_code == 403


@pytest.mark.parametrize("hours", [-26, 1])
async def test_a_signature_of_another_time_is_refused(
    client: httpx.AsyncClient, sender: Sender, hours: int
) -> None:
    timestamp = str(int(NOW.timestamp()) + hours * 3600)

    answer = await client.post(PATH, content=OPENED, headers=sender.headers(OPENED, timestamp))

    assert answer.status_code == 403
    assert answer.json()["detail"] == "The signature is too old, or of the future."


async def test_a_retry_of_yesterday_is_taken(
    client: httpx.AsyncClient, sender: Sender, world: World, send: SendRow
) -> None:
    body = json.dumps([an_item("open", send)]).encode()
    timestamp = str(int(NOW.timestamp()) - 24 * 3600)

    answer = await client.post(PATH, content=body, headers=sender.headers(body, timestamp))

    assert answer.status_code == 204
    assert world.kinds() == ["open"]


@pytest.mark.parametrize("body", [b"not json", b"{}", b'"text"', b"", b"\xff\xfe"])
async def test_a_signed_body_that_is_no_array_is_a_problem(
    client: httpx.AsyncClient, sender: Sender, body: bytes
) -> None:
    answer = await sender.post(client, body)

    assert answer.status_code == 400
    assert answer.json()["detail"] == "The body is not a JSON array of events."


async def test_invalid_utf_8_costs_no_event(
    client: httpx.AsyncClient, sender: Sender, world: World, send: SendRow
) -> None:
    body = json.dumps([an_item("open", send, useragent="Moz"), an_item("click", send)]).encode()

    answer = await sender.post(client, body.replace(b"Moz", b"M\xffz"))

    assert answer.status_code == 204
    assert world.kinds() == ["click", "open"]


async def test_one_broken_event_does_not_lose_its_neighbours(
    client: httpx.AsyncClient, sender: Sender, world: World, send: SendRow
) -> None:
    await sender.tell(client, an_item("open", send), {"event": 7}, None, an_item("click", send))

    assert world.kinds() == ["click", "open"]


async def test_a_body_over_5_mb_is_not_read(client: httpx.AsyncClient, sender: Sender) -> None:
    answer = await sender.post(client, b" " * (6 * 1024 * 1024))

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_repeat_changes_nothing(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    clicked = an_item("click", world.send(row), sg_event_id="one", url="https://example.org")

    await sender.tell(client, clicked, clicked)
    await sender.tell(client, {**clicked, "sg_event_id": "another"})

    assert world.kinds() == ["click"]
    assert len(world.told(row)) == 1


async def test_two_different_events_of_one_second_both_count(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    send = world.send(row)

    await sender.tell(
        client,
        an_item("click", send, sg_event_id="one", url="https://example.org/a"),
        an_item("click", send, sg_event_id="two", url="https://example.org/b"),
    )

    assert world.kinds() == ["click", "click"]
    assert len(world.told(row)) == 2


async def test_an_event_from_the_future_counts_from_its_arrival(
    client: httpx.AsyncClient, sender: Sender, world: World, send: SendRow
) -> None:
    await sender.tell(client, an_item("open", send, timestamp=int(NOW.timestamp()) + 3600))

    assert [event.at for event in world.events()] == [NOW]


async def test_while_postgresql_is_down_sendgrid_is_asked_to_come_again(
    client: httpx.AsyncClient, sender: Sender, relay: FakeRelay
) -> None:
    answer = await sender.post(client, OPENED)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert relay.nudges == 0


def test_the_headers_are_those_that_sendgrid_names() -> None:
    assert SIGNATURE_HEADER == "X-Twilio-Email-Event-Webhook-Signature"
    assert TIMESTAMP_HEADER == "X-Twilio-Email-Event-Webhook-Timestamp"

from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine

from inbound.tokens import mint
from schemas.events import Unsubscribe
from schemas.suppression import Reason, Suppression
from storage.people import suppressions
from storage.rows import SendRow
from tests.webhooks.conftest import KEYS
from tests.webhooks.fakes import FakeRelay
from tests.webhooks.given import ADA, World, with_receipt
from tests.webhooks.posting import NOW

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
UNKNOWN = UUID("0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c11")


def link(send: SendRow) -> str:
    return f"/u/{mint('unsubscribe', send.id, KEYS)}"


async def test_looking_at_the_page_changes_nothing(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()

    answer = await client.get(link(world.send(row)))

    assert answer.status_code == 200
    assert '<form method="post">' in answer.text
    assert world.reasons() == []
    assert world.ending(row) is None


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE"])
async def test_no_other_method_unsubscribes(
    client: httpx.AsyncClient, world: World, method: str
) -> None:
    await client.request(method, link(world.send(world.enrollment())))

    assert world.reasons() == []


@pytest.mark.parametrize("encoding", ["form", "multipart", "nothing"])
async def test_one_click_unsubscribes_without_more_ado(
    client: httpx.AsyncClient, world: World, relay: FakeRelay, encoding: str
) -> None:
    row = world.enrollment()
    send = world.send(row)
    given = {
        "form": {"data": ONE_CLICK},
        "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
        "nothing": {},
    }

    request = client.build_request("POST", link(send), **given[encoding])  # type: ignore[arg-type]  # one of three shapes
    answer = await client.send(request)

    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    assert world.reasons() == [Reason.UNSUBSCRIBED]
    assert world.ending(row) == "unsubscribed"
    assert [(type(event), event.at) for event in world.told(row)] == [(Unsubscribe, NOW)]
    assert world.send_of(send.id).unsubscribed_at == NOW
    assert relay.nudges == 1


async def test_a_second_click_says_the_same_and_changes_nothing(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()
    send = world.send(row)

    await client.post(link(send), data=ONE_CLICK)
    again = await client.post(link(send), data=ONE_CLICK)

    assert again.status_code == 200
    assert world.kinds() == ["unsubscribe"]
    assert len(world.told(row)) == 1


async def test_the_same_link_counts_again_for_who_came_back(
    client: httpx.AsyncClient, world: World, engine: Engine
) -> None:
    send = world.send(world.enrollment())
    await client.post(link(send), data=ONE_CLICK)
    standing = Suppression(
        target=ADA, reason=Reason.UNSUBSCRIBED, scope="marketing", source="test", at=NOW
    )
    with engine.begin() as connection:
        suppressions.release(connection, standing, by="ada", at=NOW)

    await client.post(link(send), data=ONE_CLICK)

    assert world.reasons() == [Reason.UNSUBSCRIBED]


async def test_where_a_receipt_is_still_to_come_only_marketing_ends(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(with_receipt())

    await client.post(link(world.send(row)), data=ONE_CLICK)

    assert world.ending(row) is None
    assert [type(event) for event in world.told(row)] == [Unsubscribe]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "token",
    ["guessed", mint("reply", UNKNOWN, KEYS), mint("unsubscribe", UNKNOWN, KEYS)[:-1] + "_"],
    ids=["guessed", "other-purpose", "changed"],
)
async def test_a_token_that_is_not_ours_gets_a_plain_page(
    client: httpx.AsyncClient, method: str, token: str
) -> None:
    answer = await client.request(method, f"/u/{token}")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert token not in answer.text


@pytest.mark.usefixtures("world")
async def test_a_genuine_token_of_a_send_that_is_gone_gets_the_same_page(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(f"/u/{mint('unsubscribe', UNKNOWN, KEYS)}")

    assert answer.status_code == 404


async def test_the_page_loads_nothing_sets_nothing_and_says_nothing_personal(
    client: httpx.AsyncClient, world: World
) -> None:
    answer = await client.get(link(world.send(world.enrollment())))

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert ADA not in answer.text


async def test_nobody_is_told_that_it_is_done_while_postgresql_is_down(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(f"/u/{mint('unsubscribe', UNKNOWN, KEYS)}", data=ONE_CLICK)

    assert answer.status_code == 503

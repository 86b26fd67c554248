"""Who may post for a service: nobody without its signature, and nothing but a payload."""

import json
from dataclasses import replace

import httpx
import pytest

from tests.webhooks.given import World
from tests.webhooks.services import SECRETS, body_of, posted, sample, signed
from webhooks.app import build_app
from webhooks.deps import Deps


@pytest.mark.parametrize("name", sorted(SECRETS))
async def test_a_body_that_was_changed_is_refused(
    client: httpx.AsyncClient, world: World, name: str
) -> None:
    body = json.dumps(body_of(name)).encode()

    answer = await client.post(f"/hooks/{name}", content=body + b" ", headers=signed(name, body))

    assert answer.status_code == 401
    assert world.events() == []


@pytest.mark.parametrize("later", [-3700, 3700])
@pytest.mark.parametrize("name", sorted(set(SECRETS) - {"shopify"}))
async def test_a_signature_of_another_time_is_refused(
    client: httpx.AsyncClient, name: str, later: int
) -> None:
    body = json.dumps(body_of(name)).encode()

    answer = await client.post(f"/hooks/{name}", content=body, headers=signed(name, body, later))

    assert answer.status_code == 401


@pytest.mark.parametrize("name", sorted(SECRETS))
async def test_without_a_signature_nothing_is_taken(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post(f"/hooks/{name}", json=body_of(name))

    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'"x"', b"[" * 100_000])
async def test_what_is_no_payload_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    headers = signed("stripe", body)

    answer = await client.post("/hooks/stripe", content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".")


async def test_an_unknown_adapter_is_not_there(client: httpx.AsyncClient) -> None:
    assert (await client.post("/hooks/nobody", json={})).status_code == 404


async def test_an_adapter_without_a_secret_is_closed(deps: Deps) -> None:
    closed = replace(deps, adapters=replace(deps.adapters, secrets={}))
    transport = httpx.ASGITransport(build_app(closed))

    async with httpx.AsyncClient(transport=transport, base_url="http://postroad.test") as client:
        answer = await posted(client, "stripe", sample("stripe"))

    assert answer.status_code == 403
    assert "POSTROAD_ADAPTER_SECRETS" in answer.json()["detail"]

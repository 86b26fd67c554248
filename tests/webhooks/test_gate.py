"""More than can be taken in at once is asked to come again, and nothing of it is stored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from pydantic_core import to_json
from sqlalchemy import Engine

from storage.people import contacts
from tests.webhooks.given import World
from tests.webhooks.posting import Sender, an_item
from webhooks.app import build_app
from webhooks.deps import Deps
from webhooks.gate import Bound, Gate, TooMuchAtOnceError

NARROW = Bound(at_once=1, patience=timedelta(0))


async def test_a_batch_for_which_there_is_no_turn_is_refused_whole_and_taken_when_it_comes_again(
    deps: Deps, sender: Sender, world: World, engine: Engine
) -> None:
    send = world.send(world.enrollment())
    bodies = [to_json([an_item(kind, send)]) for kind in ("click", "open")]

    async with _client(build_app(replace(deps, bound=NARROW))) as client:
        with engine.connect() as rival:
            contacts.lock(rival, send.contact_id)
            posts = [asyncio.create_task(sender.post(client, body)) for body in bodies]
            (first, *_), (other, *_) = await asyncio.wait(
                posts, return_when=asyncio.FIRST_COMPLETED
            )
            before = world.kinds()
            rival.rollback()
        refused, taken = await first, await other
        again = await sender.post(client, bodies[posts.index(first)])

    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert refused.json()["detail"].startswith("Too much comes in at once; nothing was done")
    assert int(refused.headers["Retry-After"]) > 0
    assert before == []
    assert (taken.status_code, again.status_code) == (204, 204)
    assert world.kinds() == ["click", "open"]


async def test_one_door_that_is_full_shuts_no_other(
    deps: Deps, sender: Sender, world: World, engine: Engine
) -> None:
    send = world.send(world.enrollment())
    world.contact("bob@example.com")

    async with _client(build_app(replace(deps, bound=NARROW))) as client:
        with engine.connect() as rival:
            contacts.lock(rival, send.contact_id)
            bodies = [to_json([an_item(kind, send)]) for kind in ("click", "open")]
            posts = [asyncio.create_task(sender.post(client, body)) for body in bodies]
            await asyncio.wait(posts, return_when=asyncio.FIRST_COMPLETED)
            told = await client.post(
                "/v1/events",
                json={"event": "login", "contact": "bob@example.com"},
                headers={"Authorization": "Bearer api-key"},
            )
            rival.rollback()
        await asyncio.gather(*posts)

    assert told.status_code == httpx.codes.ACCEPTED


async def test_a_turn_is_given_back_whatever_became_of_it() -> None:
    gate = Gate(NARROW)

    async def fail() -> None:
        async with gate.turn():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    async with gate.turn():
        with pytest.raises(TooMuchAtOnceError):
            await fail()
    with pytest.raises(ZeroDivisionError):
        await fail()


@asynccontextmanager
async def _client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://postroad.test") as opened:
        yield opened

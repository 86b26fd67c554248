"""What the webhooks' tests share: the app on a fresh database, and what stands beside it."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine
from temporalio.client import Client

from inbound.signature import public_keys
from inbound.tokens import Keys
from starter.adapters.loading import READY, Adapters, read_adapter
from starter.data_changes import commit_change
from starter.explaining.explanations import explain
from tests.webhooks.fakes import FakeEnroll, FakeRelay, FakeTemporal
from tests.webhooks.given import World
from tests.webhooks.posting import NOW, Sender
from tests.webhooks.services import PUBLIC, SECRETS
from webhooks.app import build_app
from webhooks.deps import Deps, Secrets
from webhooks.gate import Bound
from webhooks.moments import Moments

# Port 1 is nobody's, so connections are refused: what a test without a world gets.
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

KEYS = Keys.of(["a-secret-of-enough-length"])


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    has_world = "world" in request.fixturenames
    url = request.getfixturevalue("database_url") if has_world else NOWHERE
    made = create_engine(url, hide_parameters=True)
    yield made
    made.dispose()


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def relay() -> FakeRelay:
    return FakeRelay()


@pytest.fixture
def enroll() -> FakeEnroll:
    return FakeEnroll()


@pytest.fixture
def temporal_server() -> FakeTemporal:
    return FakeTemporal()


@pytest.fixture(scope="session")
def sender() -> Sender:
    return Sender()


@pytest.fixture
def deps(
    engine: Engine,
    relay: FakeRelay,
    enroll: FakeEnroll,
    temporal_server: FakeTemporal,
    sender: Sender,
) -> Deps:
    return Deps(
        engine=engine,
        relay=relay,
        enroll=enroll,
        change=partial(commit_change, _nowhere, engine),
        explain=partial(explain, None, engine),
        secrets=Secrets(
            keys=KEYS,
            public_keys=public_keys([sender.public_key]),
            inbound_path="path-secret",
            api_key="api-key",
        ),
        moments=Moments(clock=lambda: NOW),
        temporal_answers=temporal_server.answers,
        adapters=Adapters(
            by_name={file.stem: read_adapter(file) for file in READY.glob("*.yaml")},
            secrets={name: ("another", secret) for name, secret in SECRETS.items()},
            public_url=PUBLIC,
        ),
        bound=Bound(at_once=8, patience=timedelta(minutes=1)),
    )


async def _nowhere() -> Client:
    raise ConnectionError("no Temporal server")


@pytest.fixture
def app(deps: Deps) -> FastAPI:
    return build_app(deps)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://postroad.test") as opened:
        yield opened


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer api-key"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://postroad.test", headers=headers
    ) as opened:
        yield opened

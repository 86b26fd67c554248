"""What tests of activities share: one database, empty for each, and a world upon it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, text

from activities.live import LiveActivities
from activities.mailing.sendgrid import SendGrid
from devstack.emulator.client import EmulatorClient
from devstack.emulator.config import EmulatorConfig
from devstack.emulator.selection import Selection
from devstack.emulator.server import running_emulator
from devstack.postgres import EmbeddedPostgres
from storage.schema.tables import contacts
from tests.activities.world import ADDRESSES, KEY, World

_DATABASE = "activities_database"


@pytest.fixture(scope="session")
def shared_engine(postgres: EmbeddedPostgres, template_database: str) -> Iterator[Engine]:
    postgres.create_database(_DATABASE, template=template_database)
    made = create_engine(postgres.url_of(_DATABASE), hide_parameters=True)
    yield made
    made.dispose()
    postgres.drop_database(_DATABASE)


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    tables = ", ".join(contacts.metadata.tables)
    with shared_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables}"))
    return shared_engine


@pytest.fixture(scope="session")
async def emulator() -> AsyncIterator[tuple[EmulatorClient, str]]:
    async with (
        running_emulator(EmulatorConfig(api_key=SecretStr(KEY))) as url,
        EmulatorClient(url) as client,
    ):
        yield client, url


@pytest.fixture(scope="session")
def sendgrid(emulator: tuple[EmulatorClient, str]) -> SendGrid:
    return SendGrid(KEY, emulator[1], timeout=0.5)


@pytest.fixture
async def world(
    engine: Engine, emulator: tuple[EmulatorClient, str], sendgrid: SendGrid
) -> AsyncIterator[World]:
    client, url = emulator
    mails = await client.mails(Selection(newest_first=True, limit=1))
    live = LiveActivities(engine, sendgrid, ADDRESSES)
    yield World(engine, client, url, live, after=max((mail.number for mail in mails), default=0))
    await client.clear_faults()

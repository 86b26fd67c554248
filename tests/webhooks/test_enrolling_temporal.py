"""Starting enrollments, and changing their data before a worker has begun them."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.temporal import EmbeddedTemporal
from schemas.conditions import Fact
from schemas.content import Content, Mailbox
from schemas.events import DataChanged
from schemas.outcomes import Refused
from schemas.progress import Ending
from schemas.values import Facts
from schemas.version import Version
from starter.data_changes import Change, Changed, Place, change_data
from starter.enrolling.enrollments import Started, enroll
from storage import deliveries, enrollments, events, versions
from storage.enrollments import NewEnrollment
from storage.people import contacts
from storage.rows import EnrollmentRow
from tests.builders import MONDAY
from tests.webhooks.given import ADA, TUESDAY, World, a_sequence

PER_ORDER = a_sequence("orders", key=Fact(of="data", path="order_id"))
VERSION = Version.of(PER_ORDER, Content(files={}, sender=Mailbox(email="sam@example.org")))
MOVED = Change(facts={"ships": "2026-04-01"}, at=TUESDAY, wall=TUESDAY)


@pytest.fixture
async def temporal_client(temporal: EmbeddedTemporal) -> Client:
    return await Client.connect(temporal.address, data_converter=pydantic_data_converter)


class Shop:
    """Enrolls in the published sequence, with no worker there to begin anything."""

    def __init__(self, client: Client, engine: Engine) -> None:
        self.client, self.engine = client, engine
        self.started: list[Started] = []

    async def enroll(self, data: Facts, key: str | None = None) -> Started | Refused:
        answer = await enroll(self.client, self.engine, "orders", ADA, data=data, key=key)
        if isinstance(answer, Started):
            self.started.append(answer)
        return answer

    async def ordered(self, order: str = "1007") -> Started:
        answer = await self.enroll({"order_id": order})
        assert isinstance(answer, Started)
        return answer

    async def change(self, whom: str | Place, change: Change = MOVED) -> Changed | Refused:
        return await change_data(self.client, self.engine, whom, change)

    def begin(self, started: Started) -> EnrollmentRow:
        new = NewEnrollment(
            workflow_id=started.workflow_id,
            run_id=started.run_id,
            sequence="orders",
            version=VERSION.hash,
            contact_id=started.contact,
            key=started.workflow_id.rpartition(".")[2],
            source="test",
            zone="UTC",
            enrolled_at=MONDAY,
        )
        with self.engine.begin() as connection:
            contacts.lock(connection, started.contact)
            row = enrollments.begin(connection, new)
        assert isinstance(row, EnrollmentRow)
        return row

    def missed(self, row: EnrollmentRow) -> list[DataChanged]:
        with self.engine.connect() as connection:
            return events.data_changes(connection, row)


@pytest.fixture
async def shop(temporal_client: Client, engine: Engine, world: World) -> AsyncIterator[Shop]:
    world.contact()
    with engine.begin() as connection:
        versions.publish(connection, VERSION, by="test", at=MONDAY)
    shop = Shop(temporal_client, engine)
    yield shop
    for one in shop.started:
        await temporal_client.get_workflow_handle(one.workflow_id, run_id=one.run_id).terminate()


async def test_two_orders_of_one_contact_live_side_by_side(shop: Shop) -> None:
    first, second = await shop.enroll({"order_id": "1007"}), await shop.enroll({"order_id": 1008})

    assert isinstance(first, Started)
    assert isinstance(second, Started)
    assert first.workflow_id == f"orders.{first.contact}.1007"
    assert second.workflow_id == f"orders.{first.contact}.1008"


async def test_one_order_is_enrolled_once(shop: Shop) -> None:
    await shop.ordered()

    again = await shop.enroll({"order_id": 1007}, key="1007")

    assert isinstance(again, Refused)
    assert again.reason == "already_enrolled"


@pytest.mark.parametrize(
    ("data", "key", "reason"),
    [({}, None, "missing_key"), ({}, "1007", "missing_key"), ({"order_id": "1"}, "2", "other_key")],
    ids=["nothing", "key-alone", "another"],
)
async def test_without_its_key_nothing_is_started(
    shop: Shop, data: Facts, key: str | None, reason: str
) -> None:
    refused = await shop.enroll(data, key)

    assert isinstance(refused, Refused)
    assert refused.reason == reason


@pytest.mark.parametrize("by", ["workflow_id", "place"])
async def test_an_enrollment_not_begun_misses_no_change_of_its_data(shop: Shop, by: str) -> None:
    started, other = await shop.ordered(), await shop.ordered("1008")
    place = Place(sequence="orders", contact=ADA, key="1007")

    changed = await shop.change(place if by == "place" else started.workflow_id)

    assert changed == Changed(workflow_id=started.workflow_id, at=TUESDAY, new=True)
    (missed,) = shop.missed(shop.begin(started))
    assert missed.facts == MOVED.facts
    assert shop.missed(shop.begin(other)) == []


async def test_its_workflow_has_the_signal_under_the_same_id(shop: Shop, engine: Engine) -> None:
    started = await shop.ordered()
    await shop.change(started.workflow_id)
    handle = shop.client.get_workflow_handle(started.workflow_id)

    history = await handle.fetch_history()

    signals = [
        event.workflow_execution_signaled_event_attributes.input.payloads[0].data
        for event in history.events
        if event.HasField("workflow_execution_signaled_event_attributes")
    ]
    (missed,) = shop.missed(shop.begin(started))
    assert [missed.id.encode() in signal for signal in signals] == [True]
    with engine.connect() as connection:
        assert deliveries.waiting(connection) == 0


async def test_a_change_is_for_the_run_that_has_not_begun_when_the_last_one_has_ended(
    shop: Shop, engine: Engine
) -> None:
    first = await shop.ordered()
    ended = shop.begin(first)
    with engine.begin() as connection:
        enrollments.end(connection, ended.id, Ending(name="stopped", at=MONDAY), 1000)
    await shop.client.get_workflow_handle(first.workflow_id).terminate()
    shop.started.clear()
    refused = await shop.change(first.workflow_id)
    second = await shop.ordered()

    changed = await shop.change(first.workflow_id)

    assert isinstance(refused, Refused)
    assert refused.reason == "ended"
    assert isinstance(changed, Changed)
    assert shop.missed(ended) == []
    assert len(shop.missed(shop.begin(second))) == 1


@pytest.mark.parametrize("ref", ["nobody", "orders.nobody.1007"])
async def test_an_enrollment_that_nobody_knows_is_refused(shop: Shop, ref: str) -> None:
    refused = await shop.change(ref)

    assert isinstance(refused, Refused)
    assert refused.reason == "unknown_enrollment"
    assert "`postroad list`" in refused.message


async def test_one_that_was_never_started_is_refused(shop: Shop, world: World) -> None:
    ref = f"orders.{world.contact().id}.1007"

    refused = await shop.change(ref)

    assert isinstance(refused, Refused)
    assert refused.reason == "unknown_enrollment"

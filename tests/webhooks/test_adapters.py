"""What other services post, by the samples of their documentation."""

import httpx
import pytest
from pydantic import JsonValue

from schemas.suppression import Reason
from storage.people import contacts
from tests.webhooks.given import ADA, World
from tests.webhooks.merging import merged
from tests.webhooks.posting import NOW
from tests.webhooks.services import OWN, SECRETS, body_of, posted, sample

CALENDLY = "https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA/invitees/AAAAAAAAAAAAAAAA"


async def test_a_booked_meeting_ends_what_it_ends(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()

    answer = await posted(client, "calendly", sample("calendly"))

    assert answer.status_code == 200
    (done,) = answer.json()["taken"]
    assert (done["event"], done["contact"], done["new"]) == ("meeting_booked", row.contact_id, True)
    assert done["enrollments"] == 1
    assert world.ending(row) == "meeting_booked"
    (event,) = world.events()
    assert event.fields["starts_at"] == "2026-03-05T15:30:00.000000Z"
    with world.engine.connect() as connection:
        ada = contacts.find(connection, ADA)
    assert ada is not None
    assert (ada.first_name, ada.timezone) == ("Ada", "America/New_York")


async def test_an_order_makes_its_buyer_a_contact(client: httpx.AsyncClient, world: World) -> None:
    await posted(client, "shopify", sample("shopify"))

    (event,) = world.events()
    assert (event.name, event.fields["amount"]) == ("order_placed", "398.00")
    assert event.at.isoformat() == "2022-01-01T00:00:00+00:00"
    with world.engine.connect() as connection:
        buyer = contacts.find(connection, "115310627314723954")
    assert buyer is not None
    assert (buyer.email, buyer.first_name, buyer.attributes["country"]) == (ADA, "John", "US")


async def test_a_payment_is_an_order_of_whoever_paid(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact()

    await posted(client, "stripe", sample("stripe"))

    (event,) = world.events()
    assert event.name == "order_placed"
    assert event.fields == {
        "order_id": "cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u",
        "amount": 2198,
        "currency": "usd",
        "mode": "payment",
    }


async def test_a_lifecycle_stage_is_an_event_and_an_attribute(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact(external_key="1246965")

    answer = await posted(client, "hubspot", sample("hubspot"))

    assert [one["event"] for one in answer.json()["taken"]] == [
        "lifecycle_stage_changed",
        "contact_created",
    ]
    with world.engine.connect() as connection:
        ada = contacts.find(connection, ADA)
    assert ada is not None
    assert ada.attributes["lifecycle_stage"] == "subscriber"


async def test_a_property_says_an_address_and_an_earlier_event_finds_it(
    client: httpx.AsyncClient, world: World
) -> None:
    change: dict[str, JsonValue] = {
        "objectId": 1246978,
        "subscriptionType": "contact.propertyChange",
        "propertyName": "email",
        "propertyValue": ADA,
    }
    await posted(client, "hubspot", sample("hubspot"))

    await posted(client, "hubspot", [change])
    await posted(client, "hubspot", [{**change, "propertyName": "firstname", "propertyValue": "A"}])

    assert [event.name for event in world.events()] == ["contact_created"]
    with world.engine.connect() as connection:
        ada = contacts.find(connection, "1246978")
    assert ada is not None
    assert (ada.email, ada.first_name) == (ADA, "A")


async def test_a_person_deleted_for_privacy_is_blocked(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact(external_key="7")
    gone: JsonValue = [
        {
            "objectId": 7,
            "subscriptionType": "contact.privacyDeletion",
            "eventId": 1,
            "subscriptionId": 2,
            "occurredAt": 1462216307945,
        }
    ]

    await posted(client, "hubspot", gone)

    assert world.reasons() == [Reason.BLOCKED]


async def test_a_ticket_is_opened_by_its_requester(client: httpx.AsyncClient, world: World) -> None:
    world.contact(external_key="8447388090494")

    await posted(client, "zendesk", sample("zendesk"))

    (event,) = world.events()
    assert (event.name, event.fields["ticket_id"]) == ("ticket_opened", "5158")


async def test_a_service_of_ones_own_names_its_events_itself(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact()

    await posted(client, "generic", OWN)

    (event,) = world.events()
    assert (event.name, event.fields) == ("seat_added", {"seats": 4})


@pytest.mark.parametrize("name", ["reply to all", "control", "1"])
async def test_an_event_of_a_name_that_cannot_be_is_ignored(
    client: httpx.AsyncClient, world: World, name: str
) -> None:
    answer = await posted(client, "generic", {"type": name, "data": {"email": ADA}})

    assert answer.status_code == 200
    assert answer.json()["taken"] == []
    assert world.kinds() == []


@pytest.mark.parametrize("name", sorted(SECRETS))
@pytest.mark.usefixtures("world")
async def test_a_repeat_counts_once(client: httpx.AsyncClient, name: str) -> None:
    first = await posted(client, name, body_of(name))
    again = await posted(client, name, body_of(name))

    assert {one["new"] for one in first.json()["taken"]} == {True}
    assert {one["new"] for one in again.json()["taken"]} == {False}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("stripe", {"type": "charge.refunded"}),
        ("stripe", {**dict.fromkeys(("id", "data")), "type": "invoice.paid"}),
        ("calendly", {"event": "invitee.created", "payload": {"email": "no address", "uri": "1"}}),
        ("hubspot", [{"subscriptionType": "deal.creation"}, 7, None, []]),
        ("zendesk", {"type": {}}),
    ],
)
async def test_what_means_nothing_is_answered_that_it_does(
    client: httpx.AsyncClient, world: World, name: str, body: JsonValue
) -> None:
    answer = await posted(client, name, body)

    assert answer.status_code == 200
    assert answer.json()["taken"] == []
    assert all(one["why"] for one in answer.json()["ignored"])
    assert world.events() == []


async def test_a_merged_address_names_whoever_was_kept_and_stays_theirs_no_more(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact("kept@example.com", external_key="crm-1")
    world.contact()
    merged(world, "crm-1", ADA)

    await posted(client, "calendly", sample("calendly"))

    with world.engine.connect() as connection:
        kept = contacts.find(connection, ADA)
    assert kept is not None
    assert (kept.email, kept.first_name) == ("kept@example.com", "Ada")


async def test_an_address_that_changes_over_there_changes_here(
    client: httpx.AsyncClient, world: World
) -> None:
    before = world.contact(external_key="7")
    moved: JsonValue = {"id": 7, "email": "ada@new.example", "first_name": "Ada"}

    await posted(client, "shopify", moved, topic="customers/update")

    with world.engine.connect() as connection:
        after = contacts.find(connection, "7")
    assert after is not None
    assert (after.id, after.email) == (before.id, "ada@new.example")


async def test_a_meeting_that_is_only_moved_is_not_canceled(
    client: httpx.AsyncClient, world: World
) -> None:
    moved: JsonValue = {
        "event": "invitee.canceled",
        "payload": {"email": ADA, "uri": CALENDLY, "rescheduled": True},
    }

    answer = await posted(client, "calendly", moved)

    assert answer.json()["taken"] == []
    assert world.kinds() == []


async def test_an_event_of_the_future_happened_at_its_arrival(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact()
    ahead: JsonValue = {"type": "seen", "timestamp": "2030-01-01T00:00:00Z", "data": {"email": ADA}}

    await posted(client, "generic", ahead)

    assert [event.at for event in world.events()] == [NOW]

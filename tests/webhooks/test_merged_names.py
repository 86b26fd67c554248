"""After a merge every name of either names the one that was kept."""

import httpx

from schemas.contact import Contact
from schemas.suppression import Reason
from storage import events
from storage.people import contacts, identities
from tests.webhooks.given import ADA, World
from tests.webhooks.merging import BOB, merged, the_kept


def test_every_name_of_the_other_names_the_kept_one(world: World) -> None:
    ada, bob = world.contact(external_key="crm-1"), world.contact(BOB, external_key="crm-2")

    merged(world)

    names = (ada.id, "crm-1", ADA, bob.id, "crm-2", BOB, "BOB@example.com")
    assert {the_kept(world, name).id for name in names} == {ada.id}
    with world.engine.connect() as connection:
        assert contacts.get(connection, bob.id) == the_kept(world)
        (known,) = identities.former(connection, ada.id)
    assert (known.id, known.email, known.by) == (bob.id, BOB, "kim")


def test_a_chain_of_merges_ends_at_the_last_kept_one(world: World) -> None:
    carl = world.contact("carl@example.com")
    bob = world.contact(BOB)
    ada = world.contact()

    merged(world, BOB, "carl@example.com")
    merged(world, ADA, "carl@example.com")

    assert {the_kept(world, name).id for name in (carl.id, bob.id, BOB)} == {ada.id}


def test_a_record_of_the_merged_one_changes_the_kept_one_but_not_its_address(
    world: World,
) -> None:
    ada = world.contact(external_key="crm-1")
    world.contact(BOB, external_key="crm-2")
    merged(world)

    by_key = world.contact("new@example.com", external_key="crm-2", attributes={"a": 1})
    by_address = world.contact(BOB, attributes={"b": 2})

    assert (by_key.id, by_address.id) == (ada.id, ada.id)
    assert (by_address.email, by_address.external_key) == (ADA, "crm-1")
    assert by_address.attributes == {"a": 1, "b": 2}


def test_the_names_of_a_merged_one_are_not_somebody_elses_to_take(world: World) -> None:
    ada = world.contact(external_key="crm-1")
    world.contact(BOB, external_key="crm-2")
    eve = world.contact("eve@example.com")
    merged(world)

    with world.engine.begin() as connection:
        new = Contact(id=eve.id, email=BOB, external_key="crm-2")
        taken = contacts.change(connection, eve.id, new)

    assert taken == contacts.AddressTaken(by=ada.id)


async def test_a_redelivered_event_of_the_merged_one_counts_once(
    api: httpx.AsyncClient, world: World
) -> None:
    world.contact()
    world.contact(BOB, external_key="crm-2")
    said = {"event": "order_placed", "contact": "crm-2", "id": "1007"}
    await api.post("/v1/events", json=said)
    merged(world)

    again = await api.post("/v1/events", json={**said, "contact": ADA})

    assert again.json()["new"] is False
    with world.engine.connect() as connection:
        ada = the_kept(world)
        assert len(events.of_contact(connection, ada.id)) == 1


async def test_an_opt_out_of_the_merged_ones_address_holds_for_the_kept_one(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()
    world.contact(BOB)
    merged(world)

    await api.post("/v1/events", json={"event": "unsubscribe", "contact": BOB})

    assert world.reasons(ADA) == [Reason.UNSUBSCRIBED]
    assert world.ending(row) == "unsubscribed"

"""Contacts merged in a CRM are one here, under every key that they had over there."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pydantic import JsonValue
from sqlalchemy import Engine, func, select

from schemas.contact import NewContact
from starter.adapters.uniting import Same, United, unite
from storage.people import contacts, identities
from storage.schema.tables import contacts as people
from tests.builders import MONDAY
from tests.storage.rivals import until_they_wait
from tests.webhooks.given import ADA, World
from tests.webhooks.merging import BOB, the_kept
from tests.webhooks.posting import NOW
from tests.webhooks.services import posted, sample

PRIMARY, MERGED, NEW = "1246965", "1246978", "1247001"


async def merge(client: httpx.AsyncClient, **changed: JsonValue) -> dict[str, JsonValue]:
    body = sample("hubspot-merge")
    assert isinstance(body, list)
    assert isinstance(body[0], dict)
    answer = await posted(client, "hubspot", [{**body[0], **changed}])
    assert answer.status_code == 200
    told: dict[str, JsonValue] = answer.json()
    return told


def taken(told: dict[str, JsonValue]) -> tuple[object, ...]:
    assert isinstance(told["taken"], list)
    (done,) = told["taken"]
    assert isinstance(done, dict)
    return done["contact"], done["merged"], done["new"]


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalars(select(func.count()).select_from(people)).one()


def an_event(key: str, word: str = "contact.creation", **fields: JsonValue) -> JsonValue:
    event: dict[str, JsonValue] = {"objectId": int(key), "subscriptionType": word, "eventId": 1}
    return [{**event, "subscriptionId": 2, "occurredAt": 1462216307945, **fields}]


def an_address(key: str, email: str) -> JsonValue:
    change: dict[str, JsonValue] = {"propertyName": "email", "propertyValue": email}
    return an_event(key, "contact.propertyChange", **change)


async def test_the_primary_is_kept_and_every_record_id_names_it(
    client: httpx.AsyncClient, world: World
) -> None:
    ada = world.contact(external_key=PRIMARY, first_name="Ada")
    world.contact(BOB, external_key=MERGED, first_name="Bob", company="Engines")
    row = world.enrollment(email=BOB)

    first, again = await merge(client), await merge(client)

    assert taken(first) == (ada.id, 1, True)
    assert taken(again) == (ada.id, 0, False)
    kept = the_kept(world, NEW)
    assert kept == the_kept(world, PRIMARY) == the_kept(world, MERGED) == the_kept(world, BOB)
    assert (kept.id, kept.external_key) == (ada.id, NEW)
    assert (kept.email, kept.first_name, kept.company) == (ADA, "Ada", "Engines")
    assert world.row(row.id).contact_id == ada.id
    assert count(world.engine) == 1


async def test_whoever_was_merged_is_followed_under_the_new_id(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact(external_key=PRIMARY)
    world.contact(BOB, external_key=MERGED)
    await merge(client)

    await posted(client, "hubspot", an_address(NEW, "ada@new.example"))

    assert the_kept(world, PRIMARY).email == "ada@new.example"
    assert count(world.engine) == 1


@pytest.mark.parametrize("known", [PRIMARY, MERGED])
async def test_a_record_that_is_not_known_here_is_a_name_of_the_one_that_is(
    client: httpx.AsyncClient, world: World, known: str
) -> None:
    ada = world.contact(external_key=known)
    for key in (PRIMARY, MERGED, NEW):
        await posted(client, "hubspot", an_event(key))
    before = len(world.events())

    told = await merge(client)

    assert taken(told) == (ada.id, 0, True)
    assert (before, len(world.events())) == (1, 3)
    await posted(client, "hubspot", an_event(MERGED, eventId=9))
    again = await posted(client, "hubspot", an_event(PRIMARY))
    assert len(world.events()) == 4
    assert [one["new"] for one in again.json()["taken"]] == [False]


async def test_of_records_that_nobody_knows_nothing_is_done(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact()

    told = await merge(client)

    assert told["taken"] == []
    assert told["ignored"] == [{"item": 0, "why": "nobody is known by any of these keys"}]
    assert the_kept(world).external_key is None


async def test_a_key_of_ones_own_stays_and_the_record_ids_name_it_too(
    client: httpx.AsyncClient, world: World
) -> None:
    ada = world.contact(external_key="crm-1")
    world.contact(BOB, external_key=MERGED)
    same = Same(keep="crm-1", others=(PRIMARY,), by="kim", at=MONDAY)
    assert unite(world.engine, same) is not None

    await merge(client)

    assert the_kept(world, NEW).id == ada.id
    assert the_kept(world, MERGED).external_key == "crm-1"


async def test_a_record_made_of_both_before_the_merge_was_told_is_one_of_them(
    client: httpx.AsyncClient, world: World
) -> None:
    ada = world.contact(external_key=PRIMARY)
    world.contact(BOB, external_key=MERGED)
    await posted(client, "hubspot", an_address(NEW, "eve@example.com"))

    told = await merge(client)

    assert taken(told) == (ada.id, 2, True)
    assert the_kept(world, "eve@example.com").external_key == NEW
    with world.engine.connect() as connection:
        former = identities.former(connection, ada.id)
    assert {one.external_key for one in former} == {PRIMARY, MERGED, NEW}


@pytest.mark.parametrize(
    "changed",
    [
        {"mergedObjectIds": []},
        {"mergedObjectIds": None},
        {"mergedObjectIds": [[], None, True]},
        {"primaryObjectId": {}},
        {"subscriptionType": "company.merge"},
        {"subscriptionType": "object.merge", "objectTypeId": "0-2"},
    ],
)
async def test_what_merges_no_contacts_is_ignored_with_the_reason(
    client: httpx.AsyncClient, world: World, changed: dict[str, JsonValue]
) -> None:
    world.contact(external_key=PRIMARY)
    world.contact(BOB, external_key=MERGED)

    told = await merge(client, **changed)

    assert told["taken"] == []
    assert told["ignored"]
    assert count(world.engine) == 2


async def test_a_merge_of_the_newer_form_of_subscription_is_one_too(
    client: httpx.AsyncClient, world: World
) -> None:
    ada = world.contact(external_key=PRIMARY)
    world.contact(BOB, external_key=MERGED)

    told = await merge(client, subscriptionType="object.merge", objectTypeId="0-1")

    assert taken(told) == (ada.id, 1, True)


async def test_a_company_of_the_same_number_is_no_contact(
    client: httpx.AsyncClient, world: World
) -> None:
    world.contact(external_key=PRIMARY)
    moved: dict[str, JsonValue] = {"propertyName": "city", "propertyValue": "Ulm"}

    for kind in ("0-2", "0-1"):
        change = an_event(PRIMARY, "object.propertyChange", objectTypeId=kind, **moved)
        await posted(client, "hubspot", change)
        assert the_kept(world).attributes.get("city") == (None if kind == "0-2" else "Ulm")


def test_whoever_gets_the_new_key_meanwhile_is_one_of_them(world: World, engine: Engine) -> None:
    ada = world.contact(external_key=PRIMARY)
    same = Same(keep=PRIMARY, others=(MERGED,), new_key=NEW, by="hubspot", at=NOW)

    with ThreadPoolExecutor(1) as threads, engine.begin() as held:
        contacts.save(held, NewContact(email=BOB, external_key=NEW))
        uniting = threads.submit(unite, engine, same)
        until_they_wait(engine, held, [uniting])
        held.commit()

    assert uniting.result(timeout=30) == United(contact=ada.id, merged=1, new=True)
    assert the_kept(world, BOB).external_key == NEW

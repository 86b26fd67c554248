"""Events that named somebody whom nobody knew, and who comes later (language rule 33)."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import Engine

from schemas.contact import NewContact
from schemas.events import Conversion
from schemas.suppression import Reason
from starter.incoming.app_events import Said, take_app_event
from starter.incoming.changes import save_contact
from storage import events
from storage.people import contacts
from tests.webhooks.given import ADA, World
from tests.webhooks.posting import NOW

CONTACTS, EVENTS = "/v1/contacts", "/v1/events"


async def say(api: httpx.AsyncClient, contact: str, name: str = "login", **more: str) -> bool:
    answer = await api.post(EVENTS, json={"event": name, "contact": contact, **more})
    assert answer.status_code == 202, answer.text
    new: bool = answer.json()["new"]
    return new


@pytest.mark.parametrize("ref", ["crm-1", "ADA@Example.com", "ada@example.com"])
async def test_events_that_came_before_are_the_contacts_own(
    api: httpx.AsyncClient, world: World, ref: str
) -> None:
    await say(api, ref)
    await say(api, "somebody@example.com")

    await api.post(CONTACTS, json={"email": ADA, "external_key": "crm-1"})

    (event,) = world.events()
    assert event.name == "login"
    with world.engine.connect() as connection:
        ada = contacts.find(connection, ADA)
        assert ada is not None
        assert events.count(connection, ada.id, "login", None, NOW) == 1


async def test_they_are_found_by_a_key_that_looks_like_an_address(
    api: httpx.AsyncClient, world: World
) -> None:
    await say(api, "Shop@4711")

    await api.post(CONTACTS, json={"email": ADA, "external_key": "Shop@4711"})

    assert world.kinds() == ["event"]


async def test_an_address_in_another_script_is_one_address(
    api: httpx.AsyncClient, world: World
) -> None:
    await say(api, "ada@BÜCHER.example")

    await api.post(CONTACTS, json={"email": "ada@xn--bcher-kva.example"})

    assert world.kinds("ada@bücher.example") == ["event"]


@pytest.mark.parametrize("ref", ["crm-1", ADA])
async def test_a_repeat_after_the_contact_came_counts_once(
    api: httpx.AsyncClient, world: World, ref: str
) -> None:
    first = await say(api, ref, "order_placed", id="1007")
    await api.post(CONTACTS, json={"email": ADA, "external_key": "crm-1"})

    again = [await say(api, name, "order_placed", id="1007") for name in (ref, ADA, "crm-1")]

    assert (first, again) == (True, [False, False, False])
    assert world.kinds() == ["event"]


async def test_a_key_that_comes_later_tells_the_enrollment_what_happened_meanwhile(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()
    await say(api, "crm-1", "meeting_booked")

    await api.post(CONTACTS, json={"email": ADA, "external_key": "crm-1"})

    assert [type(told) for told in world.told(row)] == [Conversion]
    assert world.ending(row) == "meeting_booked"


@pytest.mark.parametrize("ref", ["crm-1", ADA])
async def test_an_opt_out_of_somebody_unknown_holds_once_they_come(
    api: httpx.AsyncClient, world: World, ref: str
) -> None:
    await say(api, ref, "unsubscribe")

    await api.post(CONTACTS, json={"email": ADA, "external_key": "crm-1"})

    assert world.reasons() == [Reason.UNSUBSCRIBED]


async def test_an_unknown_address_that_opts_out_is_left_alone_at_once(
    api: httpx.AsyncClient, world: World
) -> None:
    await say(api, ADA, "unsubscribe")

    assert world.reasons() == [Reason.UNSUBSCRIBED]


@pytest.mark.parametrize(
    "ref", ["a b", "a/b", "ключ-№7", "#?&=%", "🙂", "x" * 255, "a@b@c", "@", "'; DROP--"]
)
async def test_any_text_can_be_a_key(api: httpx.AsyncClient, world: World, ref: str) -> None:
    await say(api, ref)

    saved = await api.post(CONTACTS, json={"email": ADA, "external_key": ref})

    assert saved.status_code == 201
    assert world.kinds(ref) == ["event"]
    assert await say(api, ref)


@pytest.mark.parametrize("ref", ["x" * 256, "", "   ", "a\x00b", "\ud800"])
async def test_what_cannot_be_a_name_is_refused_in_one_sentence(
    api: httpx.AsyncClient, world: World, ref: str
) -> None:
    body = f'{{"event": "login", "contact": {json.dumps(ref)}}}'

    answer = await api.post(EVENTS, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["contact"]
    assert world.events() == []


def test_an_event_and_its_contact_that_come_at_once_find_each_other(
    world: World, engine: Engine
) -> None:
    emails = [f"p{number}@example.com" for number in range(24)]

    with ThreadPoolExecutor(8) as threads:
        for email in emails:
            threads.submit(take_app_event, engine, Said(name="login", contact=email, at=NOW))
            threads.submit(save_contact, engine, NewContact(email=email), NOW)

    assert [world.kinds(email) for email in emails] == [["event"]] * len(emails)

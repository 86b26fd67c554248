import json

import httpx
import pytest
from pydantic import JsonValue

from schemas.contact import NewContact
from schemas.events import ContactChanged
from schemas.sequence import Sequence
from starter.incoming.changes import save_contact
from storage.people import contacts
from tests.builders import MONDAY, OFFICE, a_progress
from tests.webhooks.fakes import FakeRelay
from tests.webhooks.given import ADA, World, a_sequence
from workflows.after.folding import after_event
from workflows.deciding.facts import contact_at

PATH = "/v1/contacts"
JSON = {"Content-Type": "application/json"}


def looks_at(*facts: str) -> Sequence:
    window = OFFICE.model_copy(update={"fallback": "America/New_York"})
    return a_sequence(contact_facts=facts, window=window)


async def test_a_new_contact_is_created_whole(api: httpx.AsyncClient, world: World) -> None:
    body = {
        "email": "Ada@Example.COM",
        "external_key": "crm-1",
        "first_name": "Ada",
        "timezone": "Europe/London",
        "owner": {"email": "sam@example.org", "name": "Sam"},
        "attributes": {"role": "vp-ops", "seats": 12},
    }

    answer = await api.post(PATH, json=body)

    assert answer.status_code == 201
    assert answer.json()["created"] is True
    with world.engine.connect() as connection:
        kept = contacts.get(connection, answer.json()["id"])
    assert kept is not None
    assert kept.email == "Ada@example.com"
    assert kept.owner is not None
    assert kept.facts()["role"] == "vp-ops"


async def test_a_known_contact_is_changed_and_keeps_what_is_not_said(
    api: httpx.AsyncClient, world: World
) -> None:
    before = world.contact(first_name="Ada", attributes={"role": "cto"})

    answer = await api.post(PATH, json={"email": ADA, "attributes": {"seats": 3}})

    assert answer.status_code == 200
    assert answer.json() == {"id": before.id, "created": False}
    with world.engine.connect() as connection:
        kept = contacts.get(connection, before.id)
    assert kept is not None
    assert (kept.first_name, kept.attributes) == ("Ada", {"role": "cto", "seats": 3})


async def test_only_who_looks_at_a_fact_is_told_that_it_changed(
    api: httpx.AsyncClient, world: World, relay: FakeRelay
) -> None:
    row = world.enrollment(looks_at("role"))

    await api.post(PATH, json={"email": ADA, "attributes": {"role": "cfo", "seats": 3}})
    await api.post(PATH, json={"email": ADA, "attributes": {"role": "cfo", "seats": 4}})

    (changed,) = world.told(row)
    assert isinstance(changed, ContactChanged)
    assert (changed.facts, changed.zone) == ({"role": "cfo"}, None)
    assert relay.nudges == 2


async def test_a_changed_time_zone_is_told_with_its_offsets(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(looks_at())

    await api.post(PATH, json={"email": ADA, "timezone": "Europe/London"})

    (changed,) = world.told(row)
    assert isinstance(changed, ContactChanged)
    assert changed.zone is not None
    assert changed.zone.name == "Europe/London"


async def test_an_address_of_another_contact_is_a_conflict(
    api: httpx.AsyncClient, world: World
) -> None:
    world.contact(external_key="crm-1")
    world.contact("grace@example.com", external_key="crm-2")

    answer = await api.post(PATH, json={"email": ADA, "external_key": "crm-2"})

    assert answer.status_code == 409
    assert answer.json()["errors"] == [
        {"field": "email", "message": "It belongs to another contact."}
    ]


WRONG: list[tuple[dict[str, JsonValue], str]] = [
    ({}, "email"),
    ({"email": None}, "email"),
    ({"email": ["a@example.com"]}, "email"),
    ({"email": "not an address"}, "email"),
    ({"email": "two@@example.com"}, "email"),
    ({"email": "a\nb@example.com"}, "email"),
    ({"email": f"{'x' * 65}@example.com"}, "email"),
    ({"email": ADA, "timezone": "Mars/Olympus"}, "timezone"),
    ({"email": ADA, "first_name": 7}, "first_name"),
    ({"email": ADA, "first_name": "A\x00da"}, "first_name"),
    ({"email": ADA, "first_name": "x" * 256}, "first_name"),
    ({"email": ADA, "external_key": ""}, "external_key"),
    ({"email": ADA, "owner": {"email": "sam"}}, "owner.email"),
    ({"email": ADA, "owner": "sam@example.org"}, "owner"),
    ({"email": ADA, "attributes": []}, "attributes"),
    ({"email": ADA, "attributes": {"role": ["\ud800"]}}, "attributes"),
    ({"email": ADA, "frist_name": "Ada"}, "frist_name"),
    ({"email": ADA, "id": "mine"}, "id"),
]


@pytest.mark.parametrize(
    ("body", "field"), WRONG, ids=[f"{number}-{field}" for number, (_, field) in enumerate(WRONG)]
)
async def test_each_wrong_field_is_named_and_nothing_is_repeated(
    api: httpx.AsyncClient, body: dict[str, JsonValue], field: str
) -> None:
    # Not httpx's own JSON, which cannot say half a surrogate pair.
    answer = await api.post(PATH, content=json.dumps(body), headers=JSON)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "example.com" not in answer.text


async def test_a_number_without_an_end_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        PATH,
        content=b'{"email": "ada@example.com", "attributes": {"score": 1e999}}',
        headers=JSON,
    )

    assert answer.status_code == 422


async def test_of_two_changes_of_one_minute_the_later_one_counts(world: World) -> None:
    sequence = looks_at("role")
    row = world.enrollment(sequence)
    for second in range(10, 50, 4):
        new = NewContact(email=ADA, attributes={"role": f"role {second}"})
        save_contact(world.engine, new, MONDAY.replace(second=second))

    progress = a_progress(sequence)
    for changed in reversed(world.told(row)):
        progress = after_event(sequence, progress, changed, MONDAY)

    assert contact_at(progress, MONDAY) == {"role": "role 46"}

import httpx
import pytest
from pydantic import JsonValue

from schemas.events import AppEvent, Conversion, Unsubscribe
from schemas.suppression import Reason
from starter.incoming.app_events import RESERVED
from tests.webhooks.fakes import FakeRelay
from tests.webhooks.given import ADA, World, a_sequence, deaf
from tests.webhooks.posting import NOW

PATH = "/v1/events"
NOBODY_ELSE = {"colleagues": 0, "enrolls": 0}
BOOKED: dict[str, JsonValue] = {"event": "meeting_booked", "contact": ADA}


async def test_an_event_is_stored_told_and_ends_what_it_ends(
    api: httpx.AsyncClient, world: World, relay: FakeRelay
) -> None:
    row, silent = world.enrollment(), world.enrollment(deaf())

    answer = await api.post(PATH, json={**BOOKED, "fields": {"with": "Sam"}})

    assert answer.status_code == 202
    assert answer.json() == {"new": True, "contact": row.contact_id, "enrollments": 1} | NOBODY_ELSE
    assert world.ending(row) == "meeting_booked"
    (told,) = world.told(row)
    assert isinstance(told, Conversion)
    assert (told.name, told.fields, told.at) == ("meeting_booked", {"with": "Sam"}, NOW)
    assert world.told(silent) == []
    assert relay.nudges == 1


async def test_an_event_that_ends_nothing_is_told_all_the_same(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(a_sequence(listens_to=("event:form_filled",)))

    await api.post(PATH, json={"event": "form_filled", "contact": ADA})

    assert [type(event) for event in world.told(row)] == [AppEvent]
    assert world.ending(row) is None


@pytest.mark.parametrize("ref", ["id", "key", "address"])
async def test_the_contact_is_named_by_id_key_or_address(
    api: httpx.AsyncClient, world: World, ref: str
) -> None:
    contact = world.contact(external_key="crm-1")
    named = {"id": contact.id, "key": "crm-1", "address": "ADA@example.com"}

    answer = await api.post(PATH, json={**BOOKED, "contact": named[ref]})

    assert answer.json()["contact"] == contact.id


async def test_an_unknown_contacts_event_is_put_on_record_only(
    api: httpx.AsyncClient, world: World
) -> None:
    answer = await api.post(PATH, json=BOOKED)

    assert answer.status_code == 202
    assert answer.json() == {"new": True, "contact": None, "enrollments": 0} | NOBODY_ELSE
    assert world.events() == []


async def test_the_same_id_counts_once(api: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()

    await api.post(PATH, json={**BOOKED, "id": "booking-88"})
    again = await api.post(PATH, json={**BOOKED, "id": "booking-88"})

    assert again.json()["new"] is False
    assert len(world.told(row)) == 1


async def test_one_id_may_stand_in_events_of_several_names_and_contacts(
    api: httpx.AsyncClient, world: World
) -> None:
    world.contact()
    await api.post("/v1/contacts", json={"email": "bo@example.com"})
    placed = {"event": "order_placed", "contact": ADA, "id": "1007"}

    others = [{**placed, "event": "order_shipped"}, {**placed, "contact": "bo@example.com"}]
    answers = [await api.post(PATH, json=body) for body in [placed, *others, placed]]

    assert [answer.json()["new"] for answer in answers] == [True, True, True, False]


async def test_without_an_id_each_report_is_an_event_of_its_own(
    api: httpx.AsyncClient, world: World
) -> None:
    world.contact()

    await api.post(PATH, json=BOOKED)
    await api.post(PATH, json=BOOKED)

    assert world.kinds() == ["event", "event"]


async def test_an_event_counts_from_its_own_moment(api: httpx.AsyncClient, world: World) -> None:
    world.contact()

    await api.post(PATH, json={**BOOKED, "at": "2026-03-02T12:00:00-05:00"})

    assert [event.at.isoformat() for event in world.events()] == ["2026-03-02T17:00:00+00:00"]


async def test_an_unsubscribe_in_the_app_counts_as_one_in_a_mail(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()

    await api.post(PATH, json={"event": "unsubscribe", "contact": ADA})

    assert world.reasons() == [Reason.UNSUBSCRIBED]
    assert world.ending(row) == "unsubscribed"
    assert [type(event) for event in world.told(row)] == [Unsubscribe]


@pytest.mark.parametrize("name", sorted(RESERVED))
async def test_a_name_of_our_own_is_refused(api: httpx.AsyncClient, name: str) -> None:
    answer = await api.post(PATH, json={"event": name, "contact": ADA})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["event"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event": None}, "event"),
        ({"event": "has spaces"}, "event"),
        ({"event": ""}, "event"),
        ({"contact": ""}, "contact"),
        ({"contact": 7}, "contact"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-03-02T12:00:00"}, "at"),
        ({"at": "2026-03-03T15:06:00Z"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "at"),
        ({"fields": "x"}, "fields"),
        ({"fields": {"deep": {"nul": "\x00"}}}, "fields"),
        ({"fields": {"text": "x" * 16_384}}, "fields"),
        ({"id": "x" * 256}, "id"),
        ({"contcat": ADA}, "contcat"),
    ],
    ids=[
        *("event-none", "event-spaces", "event-empty", "contact-empty", "contact-number"),
        *("at-words", "at-zoneless", "at-ahead", "at-first", "at-last"),
        *("fields-text", "fields-nul", "fields-large", "id-long", "typo"),
    ],
)
async def test_each_wrong_field_is_named(
    api: httpx.AsyncClient, changes: dict[str, JsonValue], field: str
) -> None:
    answer = await api.post(PATH, json={**BOOKED, **changes})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_both_missing_fields_are_named(api: httpx.AsyncClient) -> None:
    answer = await api.post(PATH, json={})

    assert answer.json()["detail"] == "Wrong or missing: event, contact."

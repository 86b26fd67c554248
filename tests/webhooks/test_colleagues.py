import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from pydantic import JsonValue
from sqlalchemy import Connection, Engine, event

from schemas.events import Colleague
from schemas.matchers import Matcher
from schemas.policies import ExitRule
from schemas.sequence import Sequence
from starter.incoming.app_events import Said, take_app_event
from storage import events
from storage.events import NewEvent
from storage.people import colleagues, contacts
from storage.rows import EnrollmentRow
from tests.storage.rivals import Rivals
from tests.unit.inbound.mails import PERSON, an_envelope
from tests.webhooks.given import ADA, World, a_sequence
from tests.webhooks.posting import NOW, Sender, an_item, post_mail

BO = "bo@example.com"
PATH = "/v1/events"


def wide(name: str = "account-wide", **fields: object) -> Sequence:
    """Give a sequence that ends when a colleague replies or books."""
    rules = (
        ExitRule(name="replied", on=Matcher(kind="reply")),
        ExitRule(name="account_replied", on=Matcher(kind="reply", by="account")),
        ExitRule(name="account_met", on=Matcher(kind="event", name="met", by="account")),
    )
    heard = ("account:event:met", "account:reply", "reply")
    return a_sequence(name, **{"exit_on": rules, "goals": (), "listens_to": heard, **fields})


def enrolled(world: World, email: str, company: str | None = "Acme  Freight") -> EnrollmentRow:
    world.contact(email, company=company)
    return world.enrollment(wide(), email)


async def test_a_reply_ends_the_enrollments_of_colleagues_at_once(
    api: httpx.AsyncClient, world: World
) -> None:
    ada, bo = enrolled(world, ADA), enrolled(world, BO, " acme freight ")

    answer = await api.post(PATH, json={"event": "reply", "contact": ADA})

    assert (answer.json()["enrollments"], answer.json()["colleagues"]) == (1, 1)
    assert (world.ending(ada), world.ending(bo)) == ("replied", "account_replied")
    (told,) = world.told(bo)
    assert isinstance(told, Colleague)
    assert (told.of, told.at) == ("reply", NOW)


async def test_a_colleague_hears_of_an_event_with_its_fields_and_its_own_contact_does_not(
    api: httpx.AsyncClient, world: World
) -> None:
    ada, bo = enrolled(world, ADA), enrolled(world, BO)

    await api.post(PATH, json={"event": "met", "contact": ADA, "fields": {"with": "Sam"}})

    assert world.ending(bo) == "account_met"
    (told,) = world.told(bo)
    assert isinstance(told, Colleague)
    assert (told.name, told.fields) == ("met", {"with": "Sam"})
    assert (world.ending(ada), world.told(ada)) == (None, [])


@pytest.mark.parametrize(
    ("word", "company"),
    [("reply", "Another"), ("reply", None), ("reply", "  "), ("login", "Acme Freight")],
    ids=["another-company", "no-company", "blank-company", "another-event"],
)
async def test_whoever_is_not_concerned_hears_nothing(
    api: httpx.AsyncClient, world: World, word: str, company: str | None
) -> None:
    world.contact(ADA, company=company)
    bo = enrolled(world, BO)

    answer = await api.post(PATH, json={"event": word, "contact": ADA})

    assert answer.json()["colleagues"] == 0
    assert (world.ending(bo), world.told(bo)) == (None, [])


async def test_without_a_company_nobody_is_a_colleague(
    api: httpx.AsyncClient, world: World
) -> None:
    world.contact(ADA)
    bo = enrolled(world, BO, company=None)

    await api.post(PATH, json={"event": "reply", "contact": ADA})

    assert world.ending(bo) is None


async def test_a_sequence_that_does_not_ask_for_it_is_not_told(
    api: httpx.AsyncClient, world: World
) -> None:
    enrolled(world, ADA)
    world.contact(BO, company="Acme Freight")
    bo = world.enrollment(a_sequence("plain"), BO)

    await api.post(PATH, json={"event": "reply", "contact": ADA})

    assert world.told(bo) == []


async def test_a_repeat_tells_colleagues_nothing(api: httpx.AsyncClient, world: World) -> None:
    enrolled(world, ADA)
    bo = enrolled(world, BO)
    said = {"event": "met", "contact": ADA, "id": "booking-1"}

    await api.post(PATH, json=said)
    again = await api.post(PATH, json=said)

    assert again.json()["colleagues"] == 0
    assert len(world.told(bo)) == 1


async def test_an_answer_by_mail_ends_the_enrollments_of_colleagues_too(
    client: httpx.AsyncClient, world: World
) -> None:
    enrolled(world, ADA)
    bo = enrolled(world, BO)

    await post_mail(client, {"email": PERSON, "envelope": an_envelope("in@example.org")})

    assert world.ending(bo) == "account_replied"


def test_while_no_sequence_asks_for_it_an_event_costs_one_look_at_the_versions(
    world: World,
) -> None:
    world.contact(ADA, company="Acme Freight")
    world.enrollment(a_sequence("plain"))
    asked: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *call: asked.append(str(call[2])))

    take_app_event(world.engine, Said(name="met", contact=ADA, at=NOW))

    assert not [one for one in asked if "company_key =" in one or "advisory" in one]
    assert len([one for one in asked if "WHERE versions.heeds" in one]) == 1


async def test_colleagues_who_do_things_at_once_never_wait_in_a_circle(
    api: httpx.AsyncClient, client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    crowd = [f"person{number}@example.com" for number in range(6)]
    rows = [enrolled(world, email) for email in crowd]
    items: list[JsonValue] = [
        an_item("click", world.send(row), email=email)
        for row, email in zip(rows, crowd, strict=True)
    ]

    answers = await asyncio.gather(
        *(api.post(PATH, json={"event": "reply", "contact": email}) for email in crowd),
        *(sender.post(client, json.dumps(batch).encode()) for batch in (items, items[::-1])),
        *(api.post(PATH, json={"event": "met", "contact": email}) for email in crowd[::-1]),
    )

    assert {answer.status_code for answer in answers} == {202, 204}
    assert all(world.ending(row) in {"replied", "account_replied"} for row in rows)


@pytest.fixture
def rivals(engine: Engine) -> Iterator[Rivals]:
    with ThreadPoolExecutor(max_workers=16) as threads:
        yield Rivals(engine, threads)


def test_what_a_colleague_does_while_an_enrollment_begins_is_missed_by_nobody(
    world: World, engine: Engine, rivals: Rivals
) -> None:
    world.contact(ADA, company="Acme Freight")
    bo = enrolled(world, BO)
    ada = world.contact(ADA)

    with engine.begin() as connection:
        colleagues.take_turn(connection, ada.id)
        looking = rivals.start_blocked(
            lambda other: colleagues.missed(other, bo, wide().listens_to)
        )
        _reply_on_record(connection, ada.id)

    assert [one.of for one in looking.result()] == ["reply"]


def test_what_colleagues_did_before_an_enrollment_is_not_missed(
    world: World, engine: Engine
) -> None:
    world.contact(ADA, company="Acme Freight")
    bo = enrolled(world, BO).model_copy(update={"enrolled_at": NOW + timedelta(minutes=1)})
    with engine.begin() as connection:
        contact = contacts.find(connection, ADA)
        assert contact is not None
        _reply_on_record(connection, contact.id)

        missed = colleagues.missed(connection, bo, wide().listens_to)

    assert missed == []


def _reply_on_record(connection: Connection, contact: str) -> None:
    new = NewEvent(source="api", natural_key="reply-1", kind="reply", contact_id=contact, at=NOW)
    events.record(connection, new)

import httpx
import pytest
from pydantic import JsonValue
from temporalio.service import RPCError, RPCStatusCode

from schemas.enrollment import Command
from schemas.outcomes import Refused
from tests.webhooks.fakes import FakeEnroll
from tests.webhooks.given import ADA, World

PATH = "/v1/enrollments"
WANTED: dict[str, JsonValue] = {"sequence": "welcome", "contact": ADA}


async def test_an_enrollment_is_started_on_its_terms(
    api: httpx.AsyncClient, enroll: FakeEnroll
) -> None:
    answer = await api.post(PATH, json={**WANTED, "key": "order-1", "data": {"plan": "team"}})

    assert answer.status_code == 201
    assert answer.json() == {"workflow_id": "welcome.c1", "run_id": "run-1", "contact": "c1"}
    ((sequence, contact, terms),) = enroll.asked
    assert (sequence, contact) == ("welcome", ADA)
    assert terms == {
        "key": "order-1",
        "data": {"plan": "team"},
        "version": None,
        "at": None,
        "source": "api",
        "step": None,
        "paused": None,
        "request": None,
    }


async def test_it_may_begin_at_a_later_step_and_paused(
    api: httpx.AsyncClient, enroll: FakeEnroll
) -> None:
    pause: dict[str, JsonValue] = {"who": "kim", "why": "moved in from another tool"}

    answer = await api.post(PATH, json={**WANTED, "step": "video", "paused": pause})
    nobody = await api.post(PATH, json={**WANTED, "paused": {"why": "no who"}})

    assert (answer.status_code, nobody.status_code) == (201, 422)
    ((_, _, terms),) = enroll.asked
    assert (terms["step"], terms["paused"]) == (
        "video",
        Command(who="kim", why="moved in from another tool"),
    )


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        ("unknown_sequence", "sequence"),
        ("unknown_version", "version"),
        ("unknown_contact", "contact"),
        ("malformed_key", "key"),
        ("unknown_step", "step"),
    ],
)
async def test_a_refusal_names_the_field(
    api: httpx.AsyncClient, enroll: FakeEnroll, reason: str, field: str
) -> None:
    enroll.answer = Refused(reason=reason, message="say it otherwise")

    answer = await api.post(PATH, json=WANTED)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "message": "say it otherwise"}]


async def test_who_is_enrolled_already_is_a_conflict(
    api: httpx.AsyncClient, enroll: FakeEnroll
) -> None:
    enroll.answer = Refused(reason="already_enrolled", message="it has not ended")

    answer = await api.post(PATH, json=WANTED)

    assert answer.status_code == 409
    assert answer.json()["detail"] == "it has not ended."


@pytest.mark.parametrize(
    "fault",
    [RPCError("refused", RPCStatusCode.UNAVAILABLE, b""), ConnectionError("no Temporal server")],
    ids=["rpc", "connection"],
)
async def test_without_temporal_the_caller_is_asked_to_try_again(
    api: httpx.AsyncClient, enroll: FakeEnroll, fault: Exception
) -> None:
    enroll.fault = fault

    answer = await api.post(PATH, json=WANTED)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sequence": None}, "sequence"),
        ({"sequence": "has/slash"}, "sequence"),
        ({"contact": ""}, "contact"),
        ({"key": "has space"}, "key"),
        ({"data": 7}, "data"),
        ({"at": "2026-03-03T15:06:00Z"}, "at"),
        ({"at": 12.5}, "at"),
        ({"resumed": {}}, "resumed"),
    ],
    ids=["none", "slash", "empty", "space", "number", "ahead", "no-zone", "our-own"],
)
async def test_each_wrong_field_is_named_and_nothing_is_started(
    api: httpx.AsyncClient, enroll: FakeEnroll, changes: dict[str, JsonValue], field: str
) -> None:
    answer = await api.post(PATH, json={**WANTED, **changes})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert enroll.asked == []


async def test_a_key_that_cannot_be_one_is_told_what_a_key_is(api: httpx.AsyncClient) -> None:
    answer = await api.post(PATH, json={**WANTED, "key": "7 a"})

    assert answer.json()["errors"][0]["message"] == (
        "It begins with a letter or digit and holds only letters, digits, dots, underscores and "
        "hyphens (at most 100)."
    )


@pytest.mark.parametrize("by", ["id", "workflow_id"])
async def test_an_enrollment_is_looked_at_by_either_id(
    api: httpx.AsyncClient, world: World, by: str
) -> None:
    row = world.enrollment()

    answer = await api.get(f"{PATH}/{getattr(row, by)}")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["sequence"], told["contact"]) == ("live", "welcome", row.contact_id)
    assert ADA not in answer.text


async def test_an_ended_one_tells_its_ending(api: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()
    await api.post("/v1/events", json={"event": "meeting_booked", "contact": ADA})

    told = (await api.get(f"{PATH}/{row.id}")).json()

    assert (told["state"], told["ending"]) == ("ended", "meeting_booked")
    assert told["ended_at"] == "2026-03-03T15:00:00Z"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", ["nobody", "%00", "%ff", "ada@example.com"])
async def test_an_unknown_enrollment_is_not_found(api: httpx.AsyncClient, name: str) -> None:
    answer = await api.get(f"{PATH}/{name}")

    assert answer.status_code == 404
    assert "ada@" not in answer.text

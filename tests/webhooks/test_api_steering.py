from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import JsonValue
from sqlalchemy import Engine

from schemas.conditions import Fact
from schemas.events import Control, DataChanged
from schemas.progress import Ending
from storage import controls, enrollments, events
from storage.rows import EnrollmentRow
from tests.builders import MONDAY
from tests.webhooks.fakes import FakeChange, FakeRelay
from tests.webhooks.given import ADA, World, a_sequence
from tests.webhooks.posting import NOW
from webhooks.app import build_app
from webhooks.deps import Deps
from webhooks.moments import Moments

PATH = "/v1/enrollments"
MOVED: dict[str, JsonValue] = {"data": {"contract_end": "2027-09-01"}}
APRIL = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
SKIP = {"who": "kim", "why": "signed by hand"}


def end(engine: Engine, row: EnrollmentRow) -> None:
    with engine.begin() as connection:
        enrollments.end(connection, row.id, Ending(name="stopped", at=MONDAY), 1000)


@pytest.mark.parametrize("by", ["id", "workflow_id"])
async def test_a_change_is_on_record_and_told_to_that_enrollment_alone(
    api: httpx.AsyncClient, world: World, relay: FakeRelay, by: str
) -> None:
    row, other = world.enrollment(), world.enrollment(a_sequence("other"))

    answer = await api.patch(f"{PATH}/{getattr(row, by)}", json=MOVED)

    assert answer.status_code == 200
    assert answer.json() == {
        "workflow_id": row.workflow_id,
        "at": "2026-03-03T15:00:00Z",
        "new": True,
    }
    (told,) = world.told(row)
    assert isinstance(told, DataChanged)
    assert (told.facts, told.at) == (MOVED["data"], NOW)
    assert world.told(other) == []
    assert world.kinds() == ["data_changed"]
    assert relay.nudges == 1


async def test_what_is_on_record_has_the_id_of_the_signal(
    api: httpx.AsyncClient, world: World, engine: Engine
) -> None:
    row = world.enrollment()

    await api.patch(f"{PATH}/{row.id}", json=MOVED)

    with engine.connect() as connection:
        assert events.data_changes(connection, row) == world.told(row)


async def test_an_enrollment_is_named_by_sequence_contact_and_key_too(
    api: httpx.AsyncClient, world: World
) -> None:
    first, second = world.enrollment(key="contract-1"), world.enrollment(key="contract-2")
    place = {"sequence": "welcome", "contact": ADA, "key": "contract-2"}

    answer = await api.patch(PATH, json={**MOVED, **place})

    assert answer.json()["workflow_id"] == second.workflow_id
    assert (len(world.told(first)), len(world.told(second))) == (0, 1)


async def test_the_same_id_counts_once_for_an_enrollment(
    api: httpx.AsyncClient, world: World
) -> None:
    row, other = world.enrollment(), world.enrollment(a_sequence("other"))

    answers = [
        await api.patch(f"{PATH}/{one.id}", json={**MOVED, "id": "change-1"})
        for one in (row, row, other)
    ]

    assert [answer.json()["new"] for answer in answers] == [True, False, True]
    assert (len(world.told(row)), len(world.told(other))) == (1, 1)


async def test_null_takes_a_value_away(api: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()

    await api.patch(f"{PATH}/{row.id}", json={"data": {"contract_end": None}})

    (told,) = world.told(row)
    assert isinstance(told, DataChanged)
    assert told.facts == {"contract_end": None}


@pytest.mark.parametrize("ref", ["nobody", "%00", "welcome.nobody"])
async def test_without_temporal_an_unknown_enrollment_is_not_found(
    api: httpx.AsyncClient, world: World, ref: str
) -> None:
    world.enrollment()

    answer = await api.patch(f"{PATH}/{ref}", json=MOVED)

    assert answer.status_code == 404


async def test_one_that_may_not_have_begun_needs_temporal(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()
    place = {"sequence": "welcome", "contact": ADA, "key": "another"}

    answer = await api.patch(PATH, json={**MOVED, **place})

    assert answer.status_code == 503
    assert world.told(row) == []


async def moments_told(deps: Deps, moments: Moments, **headers: str) -> list[datetime | None]:
    change = FakeChange()
    transport = httpx.ASGITransport(build_app(replace(deps, moments=moments, change=change)))
    headers["Authorization"] = "Bearer api-key"
    async with httpx.AsyncClient(transport=transport, base_url="http://postroad.test") as api:
        for at in (None, "2026-04-02T15:00:00Z"):
            await api.patch(f"{PATH}/row", json={**MOVED, "at": at}, headers=headers)
    return [one.at for one in change.told]


async def test_in_virtual_time_the_enrollments_own_clock_says_when_it_changed(deps: Deps) -> None:
    virtual = Moments(clock=lambda: NOW, virtual=True)

    assert await moments_told(deps, virtual) == [None, APRIL]
    assert await moments_told(deps, virtual, Date="Thu, 02 Apr 2026 15:00:00 GMT") == [APRIL] * 2


async def test_in_real_time_a_change_counts_from_its_arrival(deps: Deps) -> None:
    real = Moments(clock=lambda: APRIL)

    assert await moments_told(deps, real) == [APRIL, APRIL]


async def test_what_an_enrollment_is_per_stays(api: httpx.AsyncClient, world: World) -> None:
    per_contract = a_sequence("renewal", key=Fact(of="data", path="contract_id"))
    row = world.enrollment(per_contract, key="contract-1")

    answer = await api.patch(f"{PATH}/{row.id}", json={"data": {"contract_id": "contract-2"}})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["data"]
    assert world.told(row) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"data": {}}, "data"),
        ({"data": None}, "data"),
        ({"data": {"text": "x" * 16_384}}, "data"),
        ({"at": "2026-03-03T15:06:00Z"}, "at"),
        ({"id": ""}, "id"),
        ({"contract_end": "2027-09-01"}, "contract_end"),
    ],
    ids=["nothing", "none", "large", "ahead", "empty", "typo"],
)
async def test_each_wrong_field_is_named(
    api: httpx.AsyncClient, world: World, changes: dict[str, JsonValue], field: str
) -> None:
    row = world.enrollment()

    answer = await api.patch(f"{PATH}/{row.id}", json={**MOVED, **changes})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_an_unknown_contact_is_named_as_such(api: httpx.AsyncClient, world: World) -> None:
    world.enrollment()

    answer = await api.patch(PATH, json={**MOVED, "sequence": "welcome", "contact": "crm-1"})

    assert [error["field"] for error in answer.json()["errors"]] == ["contact"]


async def test_a_skip_is_committed_and_told(
    api: httpx.AsyncClient, world: World, engine: Engine, relay: FakeRelay
) -> None:
    row = world.enrollment()

    answer = await api.post(f"{PATH}/{row.id}/skip", json=SKIP)

    assert answer.status_code == 202
    (told,) = world.told(row)
    assert isinstance(told, Control)
    assert (told.action, told.who, told.why) == ("skip", "kim", "signed by hand")
    with engine.connect() as connection:
        [kept] = controls.of_enrollment(connection, row.id)
    assert (kept.id, kept.action) == (told.id, "skip")
    assert relay.nudges == 1


async def test_a_repeated_skip_is_one_command(
    api: httpx.AsyncClient, world: World, engine: Engine
) -> None:
    row = world.enrollment()

    answers = [
        await api.post(f"{PATH}/{row.id}/skip", json={**SKIP, "id": "ticket-1"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert {event.id for event in world.told(row)} == {"ticket-1"}
    with engine.connect() as connection:
        assert len(controls.of_enrollment(connection, row.id)) == 1


async def test_what_has_ended_is_not_skipped(
    api: httpx.AsyncClient, world: World, engine: Engine
) -> None:
    row = world.enrollment()
    end(engine, row)

    answer = await api.post(f"{PATH}/{row.id}/skip", json=SKIP)

    assert answer.status_code == 409
    assert "has ended already (stopped)" in answer.json()["detail"]
    assert world.told(row) == []


@pytest.mark.usefixtures("world")
async def test_an_unknown_enrollment_is_not_skipped(api: httpx.AsyncClient) -> None:
    answers = [await api.post(f"{PATH}/{ref}/skip", json=SKIP) for ref in ("nobody", "%00")]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("without", ["who", "why"])
async def test_a_skip_says_who_and_why(api: httpx.AsyncClient, world: World, without: str) -> None:
    row = world.enrollment()
    said = {name: word for name, word in SKIP.items() if name != without}

    answer = await api.post(f"{PATH}/{row.id}/skip", json=said)

    assert [error["field"] for error in answer.json()["errors"]] == [without]

"""Records over the API: what the app knows per contract, and whom its dates enroll."""

import httpx
import pytest
from sqlalchemy import select

from schemas.conditions import Fact
from storage.schema.trigger_tables import appointments, records
from tests.builders import days
from tests.triggers.app import App, near, triggered
from tests.webhooks.fakes import FakeRelay
from tests.webhooks.given import ADA, World

PATH = f"/v1/contacts/{ADA}/records/contract-7"
PER_CONTRACT = triggered(near(days(60)), key=Fact(of="data", path="contract_id"))
DATA = {"contract_id": "c7", "contract_end": "2031-03-31"}


async def put(api: httpx.AsyncClient, path: str = PATH, **data: object) -> httpx.Response:
    return await api.put(path, json={"data": {**DATA, **data}})


async def test_a_record_is_kept_once_and_a_repeat_changes_nothing(
    api: httpx.AsyncClient, world: World, relay: FakeRelay
) -> None:
    world.contact()

    first, again = await put(api), await put(api)

    assert [(one.status_code, one.json()) for one in (first, again)] == [
        (200, {"changed": True}),
        (200, {"changed": False}),
    ]
    assert relay.nudges == 2


async def test_a_date_in_a_record_is_waited_for(api: httpx.AsyncClient, world: World) -> None:
    world.contact()
    App(world.engine).publish(PER_CONTRACT)

    await put(api)

    with world.engine.connect() as connection:
        (at,) = connection.scalars(select(appointments.c.due_at))
    assert at.date().isoformat() == "2031-01-30"


async def test_a_record_that_is_forgotten_enrolls_nobody(
    api: httpx.AsyncClient, world: World
) -> None:
    world.contact()
    App(world.engine).publish(PER_CONTRACT)
    await put(api)

    gone, again = await api.delete(PATH), await api.delete(PATH)

    with world.engine.connect() as connection:
        waiting = connection.scalars(
            select(appointments.c.id).where(appointments.c.state == "waiting")
        ).all()
        kept = connection.scalars(select(records.c.id)).all()
    assert (gone.status_code, again.status_code) == (204, 404)
    assert (waiting, kept) == ([], [])


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("who", ["nobody", "a b/c", "%00", "ü" * 300])
async def test_records_of_nobody_are_not_found(api: httpx.AsyncClient, who: str) -> None:
    answer = await put(api, f"/v1/contacts/{who}/records/one")

    assert answer.status_code == 404


async def test_a_record_without_data_names_the_field(api: httpx.AsyncClient, world: World) -> None:
    world.contact()

    answer = await api.put(PATH, json={"data": "c7"})

    assert answer.status_code == 422
    assert "data" in answer.text

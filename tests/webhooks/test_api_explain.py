import httpx
import pytest

from schemas.sequence import Sequence
from tests.webhooks.given import ADA, World, a_sequence

PATH = "/v1/explain"


def wanted(**fields: str) -> dict[str, str]:
    return {"sequence": "welcome", "contact": ADA, **fields}


@pytest.mark.parametrize("by", ["id", "workflow_id"])
async def test_an_enrollment_is_explained_step_by_step(
    api: httpx.AsyncClient, world: World, by: str
) -> None:
    row = world.enrollment()
    world.send(row)

    answer = await api.get(f"/v1/enrollments/{getattr(row, by)}/explain")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["workflow_id"], told["told_by"]) == (row.workflow_id, "record")
    ((step, fate, at),) = [(one["step"], one["fate"], one["at"]) for one in told["steps"]]
    assert (step, fate, at) == ("intro", "sent", "2026-03-02T15:00:00Z")
    assert "It is the first mail." in told["steps"][0]["why"]
    assert ADA not in answer.text


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", ["nobody", "%00"])
async def test_an_unknown_enrollment_is_not_found(api: httpx.AsyncClient, name: str) -> None:
    answer = await api.get(f"/v1/enrollments/{name}/explain")

    assert answer.status_code == 404


async def test_whoever_is_in_it_is_told_as_live(api: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()

    told = (await api.get(PATH, params=wanted())).json()

    assert (told["live"], told["command"]) == ([row.workflow_id], None)


async def test_whoever_ended_is_told_how_and_what_would_refuse_them(
    api: httpx.AsyncClient, world: World
) -> None:
    world.enrollment()
    await api.post("/v1/events", json={"event": "meeting_booked", "contact": ADA})

    told = (await api.get(PATH, params=wanted())).json()

    assert [one["ending"] for one in told["before"]] == ["meeting_booked"]
    assert [one["reason"] for one in told["barriers"]] == ["re_enroll"]


async def test_an_unknown_contact_or_sequence_names_its_field(
    api: httpx.AsyncClient, world: World
) -> None:
    world.enrollment()

    answers = [
        await api.get(PATH, params=wanted(contact="nobody")),
        await api.get(PATH, params=wanted(sequence="nowhere")),
        await api.get(PATH, params=wanted(sequence="no/name")),
        await api.get(PATH, params={"sequence": "welcome"}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 4
    fields = [answer.json()["errors"][0]["field"].rpartition(".")[2] for answer in answers]
    assert fields == ["contact", "sequence", "sequence", "contact"]


async def test_nothing_is_explained_without_the_key(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()

    answers = [
        await client.get(PATH, params=wanted()),
        await client.get(f"/v1/enrollments/{row.id}/explain"),
    ]

    assert {answer.status_code for answer in answers} == {401}


async def test_a_condition_is_told_with_what_it_saw(api: httpx.AsyncClient, world: World) -> None:
    audience = {
        "op": "comparison",
        "by": "eq",
        "left": {"op": "fact", "of": "contact", "path": "role"},
        "right": {"op": "constant", "value": "vp"},
    }
    sequence = a_sequence(name="choosy")
    world.enrollment(Sequence.model_validate({**dict(sequence), "audience": audience}), "b@x.org")
    world.contact()

    told = (await api.get(PATH, params=wanted(sequence="choosy"))).json()

    assert told["barriers"][0]["values"] == "contact.role is not there"

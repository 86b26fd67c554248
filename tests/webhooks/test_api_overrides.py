import httpx
import pytest

from schemas.progress import Ending
from storage import enrollments
from storage.rows import EnrollmentRow
from tests.builders import MONDAY
from tests.webhooks.given import World

TEXT = {"body": "Hi {{ contact.first_name or 'there' }},\n\nas we said.\n", "by": "sam"}
FILES = {"intro.md": "---\nsubject: Hello\n---\nHi\n"}


def path(row: EnrollmentRow, step: str = "intro") -> str:
    return f"/v1/enrollments/{row.workflow_id}/mails/{step}"


async def test_a_mail_gets_a_text_of_its_own_and_tells_it(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(files=FILES)

    kept = await api.put(path(row), json={**TEXT, "subject": "As we said"})

    assert kept.status_code == 200
    assert kept.json() == {
        "step": "intro",
        "subject": "As we said",
        "body": TEXT["body"],
        "by": "sam",
        "at": "2026-03-03T15:00:00Z",
    }
    assert (await api.get(path(row))).json() == kept.json()


async def test_a_later_text_replaces_an_earlier_one(api: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment(files=FILES)
    await api.put(path(row), json={**TEXT, "subject": "First"})

    await api.put(path(row), json={"body": "Second\n"})

    told = (await api.get(path(row))).json()
    assert (told["subject"], told["body"]) == (None, "Second\n")


async def test_its_subject_may_stand_in_its_front_matter(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(files=FILES)

    kept = await api.put(path(row), json={"body": "---\nsubject: As we said\n---\nHi\n"})

    assert (kept.json()["subject"], kept.json()["body"]) == ("As we said", "Hi\n")


async def test_a_text_is_taken_back_once(api: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment(files=FILES)
    await api.put(path(row), json=TEXT)

    first = await api.delete(path(row))
    second = await api.delete(path(row))

    assert (first.status_code, second.status_code) == (204, 404)
    assert (await api.get(path(row))).status_code == 404


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Hi\n{{ contct.name }}\n", "rewritten.md, line 2: contct does not exist; did you mean"),
        ("{% if key %}", "rewritten.md, line 1: unexpected end of template"),
        ("---\nfrom: owner\n---\nHi\n", "only `subject` can stand in its front matter"),
        ("---\nsubject: S\n---\n", "the text is empty"),
        ('{% include "nowhere.md" %}', "nowhere.md cannot be included here"),
        ("{{ snippets.ps }}", "there is no snippet ps"),
    ],
    ids=["name", "syntax", "front-matter", "empty", "include", "snippet"],
)
async def test_a_text_that_is_no_template_is_refused_with_its_place(
    api: httpx.AsyncClient, world: World, body: str, words: str
) -> None:
    row = world.enrollment(files=FILES)

    answer = await api.put(path(row), json={"body": body})

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "body"
    assert words in error["message"]
    assert (await api.get(path(row))).status_code == 404


@pytest.mark.parametrize("state", ["claimed", "accepted", "in_doubt"])
async def test_a_mail_that_has_gone_is_not_changed(
    api: httpx.AsyncClient, world: World, state: str
) -> None:
    row = world.enrollment(files=FILES)
    world.send(row, state=state)

    answer = await api.put(path(row), json=TEXT)

    assert answer.status_code == 409
    assert "has gone" in answer.json()["detail"]


async def test_a_mail_that_was_refused_may_be_mended_so(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(files=FILES)
    world.send(row, state="refused")

    assert (await api.put(path(row), json=TEXT)).status_code == 200


async def test_an_enrollment_that_has_ended_is_not_changed(
    api: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(files=FILES)
    with world.engine.begin() as connection:
        enrollments.end(connection, row.id, Ending(name="replied", at=MONDAY), 10)

    answer = await api.put(path(row), json=TEXT)

    assert answer.status_code == 409
    assert "has ended already (replied)" in answer.json()["detail"]


@pytest.mark.parametrize("step", ["nothing", "%00"])
async def test_a_mail_that_is_not_there_is_not_found(
    api: httpx.AsyncClient, world: World, step: str
) -> None:
    row = world.enrollment(files=FILES)

    answer = await api.put(path(row, step), json=TEXT)

    assert answer.status_code == 404


@pytest.mark.usefixtures("world")
async def test_an_enrollment_that_is_not_there_is_not_found(api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/enrollments/ada@example.com/mails/intro", json=TEXT)

    assert answer.status_code == 404
    assert "ada@" not in answer.text

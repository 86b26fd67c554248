"""The suppression lists by SendGrid's own API."""

import httpx
import pytest
from pydantic import JsonValue

from devstack.emulator.actions import Action, ActionKind
from tests.devstack.emulator.desk import KEY, MORNING, Desk

RIGHT = {"Authorization": f"Bearer {KEY}"}
BEGINS = int(MORNING.timestamp())


async def asked(desk: Desk, path: str, **query: int) -> httpx.Response:
    return await desk.http.get(f"/v3{path}", params=query, headers=RIGHT)


async def rows(desk: Desk, path: str, **query: int) -> list[dict[str, JsonValue]]:
    answer = await asked(desk, path, **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, JsonValue]] = answer.json()
    return found


async def acted(desk: Desk, kind: ActionKind, address: str, **changes: JsonValue) -> None:
    to: JsonValue = [{"to": [{"email": address}]}]
    mail = await desk.mail(personalizations=to, **changes)
    await desk.client.act(mail, Action(kind=kind, at=MORNING))


@pytest.mark.parametrize(
    ("kind", "path", "said"),
    [
        (ActionKind.UNSUBSCRIBE, "/suppression/unsubscribes", {}),
        (ActionKind.SPAM_REPORT, "/suppression/spam_reports", {"ip": ""}),
        (
            ActionKind.BOUNCE,
            "/suppression/bounces",
            {
                "reason": "550 5.1.1 The email account that you tried to reach does not exist.",
                "status": "5.1.1",
            },
        ),
    ],
)
async def test_who_is_on_a_list_is_shown_with_the_moment_and_what_was_said(
    desk: Desk, kind: ActionKind, path: str, said: dict[str, JsonValue]
) -> None:
    await acted(desk, kind, "ada@example.com")

    assert await rows(desk, path) == [{"created": BEGINS, "email": "ada@example.com", **said}]


async def test_who_left_a_group_is_shown_with_the_group(desk: Desk) -> None:
    group: JsonValue = {"group_id": 7}
    await acted(desk, ActionKind.GROUP_UNSUBSCRIBE, "ada@example.com", asm=group)

    (row,) = await rows(desk, "/asm/suppressions")

    assert row == {
        "email": "ada@example.com",
        "group_id": 7,
        "group_name": "Group 7",
        "created_at": BEGINS,
    }
    assert await rows(desk, "/suppression/unsubscribes") == []


async def test_a_list_is_given_page_by_page_and_by_time(desk: Desk) -> None:
    for name in ("ada", "bob", "cleo"):
        await acted(desk, ActionKind.UNSUBSCRIBE, f"{name}@example.com")

    path = "/suppression/unsubscribes"
    pages = [await rows(desk, path, limit=2, offset=at) for at in (0, 2, 4)]

    assert [len(page) for page in pages] == [2, 1, 0]
    assert len({row["email"] for page in pages for row in page}) == 3
    assert len(await rows(desk, path, start_time=BEGINS, end_time=BEGINS)) == 3
    assert await rows(desk, path, start_time=BEGINS + 1) == []
    assert (await asked(desk, path, limit=501)).status_code == 400


async def test_nobody_is_shown_a_list_without_the_key(desk: Desk) -> None:
    answer = await desk.http.get("/v3/suppression/bounces")

    assert answer.status_code == 401

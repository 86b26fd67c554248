"""The Email Activity Feed as a client meets it."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from activities.mailing.feed import AskLater, Feed, Listed, Unlisted
from devstack.emulator.config import ActivityFeed
from tests.devstack.emulator.desk import KEY, Desk, a_mail

SEND = UUID(int=7)


async def switched(desk: Desk, feed: ActivityFeed, after: float = 0) -> None:
    update = {"activity_feed": feed, "activity_after": after}
    await desk.client.switch((await desk.client.switches()).model_copy(update=update))


async def looked_up(desk: Desk, send: UUID = SEND, key: str = KEY) -> Listed | Unlisted | AskLater:
    return await asyncio.to_thread(Feed(key, desk.address).look_up, send)


async def test_a_mail_is_found_by_the_id_of_its_send(desk: Desk) -> None:
    await switched(desk, ActivityFeed.OPEN)
    await desk.send(a_mail(custom_args={"seq_send_id": str(SEND)}))
    await desk.send(a_mail(custom_args={"seq_send_id": str(uuid4())}))

    found = await looked_up(desk)

    assert isinstance(found, Listed)
    assert found.words.startswith("the activity feed has it as ")
    assert found.words.endswith(".0 (delivered)")


async def test_what_is_not_there_yet_is_not_found(desk: Desk) -> None:
    await switched(desk, ActivityFeed.OPEN, after=600)
    await desk.send(a_mail(custom_args={"seq_send_id": str(SEND)}))

    assert await looked_up(desk) == Unlisted(words="the activity feed does not have it")


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        (ActivityFeed.NONE, "400 (authorization required)"),
        (ActivityFeed.NO_RIGHT, "403 (access forbidden)"),
    ],
)
async def test_without_the_add_on_or_the_right_nothing_is_told(
    desk: Desk, feed: ActivityFeed, said: str
) -> None:
    await switched(desk, feed)

    assert await looked_up(desk) == Unlisted(words=f"the activity feed answered {said}")


async def test_a_wrong_key_is_told_nothing(desk: Desk) -> None:
    await switched(desk, ActivityFeed.OPEN)

    answer = await looked_up(desk, key="SG.wrong")

    assert isinstance(answer, Unlisted)
    assert "answered 401 (The provided authorization grant is invalid" in answer.words


async def test_who_asks_too_often_is_told_when_to_come_back(desk: Desk) -> None:
    await switched(desk, ActivityFeed.OPEN)

    answers = [await looked_up(desk) for _ in range(11)]

    assert [type(answer) for answer in answers] == [Unlisted] * 10 + [AskLater]
    last = answers[-1]
    assert isinstance(last, AskLater)
    assert last.wait is not None
    assert 0 < last.wait.total_seconds() <= 60


async def test_a_query_that_is_not_emulated_is_refused_and_says_so(desk: Desk) -> None:
    await switched(desk, ActivityFeed.OPEN)

    answer = await desk.http.get(
        "/v3/messages",
        params={"query": 'to_email="ada@example.com"', "limit": "10"},
        headers={"Authorization": f"Bearer {KEY}"},
    )

    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "unique_args" in answer.text

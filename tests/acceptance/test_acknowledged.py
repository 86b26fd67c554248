"""What is acknowledged is committed: no worker need run for it, and none goes against it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from starter.moments import moment_of
from tests.acceptance.looking import until
from tests.acceptance.playing import UNTIL_AGAIN, Play


async def by_command(play: Play) -> bool:
    ended = await play.run("exit", play.enrollment, "--why", "asked by phone")
    return ended.out == f"{play.enrollment} ended as stopped\n"


async def by_the_app(play: Play) -> bool:
    said = {"event": "meeting_booked", "contact": play.address}
    answer = await play.stage.web.post("/v1/events", json=said)
    return bool(answer.raise_for_status().json()["enrollments"] == 1)


async def by_the_contact(play: Play) -> bool:
    (mail,) = await play.mails()
    url = (await play.stage.emulator.mail(mail.id)).one_click_url
    answer = await play.stage.web.post(str(url), data={"List-Unsubscribe": "One-Click"})
    return answer.is_success


@pytest.mark.parametrize(
    ("end", "ending"),
    [
        (by_command, "stopped"),
        (by_the_app, "meeting_booked"),
        (by_the_contact, "unsubscribed"),
    ],
)
async def test_an_exit_without_a_worker_stops_the_mail_that_is_due(
    play: Play, end: Callable[[Play], Awaitable[bool]], ending: str
) -> None:
    await play.enroll_and_greet()
    play.kill("worker")
    await play.miss_worker()
    skipping = asyncio.create_task(play.skip())
    await until_due(play)

    acknowledged = await end(play)
    await play.restart("worker")

    await skipping
    story = await play.until("ended")
    assert acknowledged
    assert story.ending == ending
    assert [send.step for send in await play.sends()] == ["hello"]
    assert await play.subjects() == ["Hello Ada"]


async def test_a_pause_without_a_worker_keeps_the_mail_that_is_due_for_the_resume(
    play: Play,
) -> None:
    await play.enroll_and_greet()
    play.kill("worker")
    await play.miss_worker()
    skipping = asyncio.create_task(play.skip())
    await until_due(play)

    paused = await play.run("pause", play.enrollment, "--why", "a call is under way")
    await play.restart("worker")

    await skipping
    await play.until("paused")
    before = await play.subjects()
    resumed = await play.run("resume", play.enrollment)
    await play.until_mailed(2)
    assert (paused.status, resumed.status) == (0, 0)
    assert before == ["Hello Ada"]
    assert await play.subjects() == ["Hello Ada", "Again Ada"]


async def until_due(play: Play) -> None:
    """Wait until the server has skipped the wait, which nobody has noticed yet."""
    (hello,) = await play.sends()

    async def ahead() -> timedelta:
        wall = hello.claimed_wall
        return await moment_of(play.stage.client, play.enrollment, wall) - wall

    await until(ahead, lambda span: span > UNTIL_AGAIN / 2)

"""Real servers put back to an older backup under running workflows: nobody is mailed twice."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from devstack.demo.stage import Stage, open_stage
from devstack.emulator.actions import Action, ActionKind
from devstack.stack import Stack
from schemas.suppression import Reason
from storage.people import suppressions
from tests.acceptance.commanding import desk_in
from tests.acceptance.playing import Play
from tests.restoring.backups import Backups
from tests.stacks import open_directory, some_ports

BOTH = ["Hello Ada", "Again Ada"]
HELLO = ["Hello Ada"]
NAMES = ("ada", "bob", "cleo", "dan", "flo")
OUT = [Reason.UNSUBSCRIBED]
CHANGES = ("enrollments", "sends", "in_doubt", "endings", "opt_outs", "started", "starts")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[Stack]:
    with Stack(folder, say=print, usual=some_ports()) as stack:
        yield stack


@pytest.fixture(scope="module")
async def stage(stack: Stack) -> AsyncIterator[Stage]:
    async with open_stage(stack.record) as stage:
        yield stage


class Cast:
    """People, each with a sequence of their own, so that each clock is moved alone."""

    def __init__(self, stack: Stack, stage: Stage, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._stack, self._stage, self._folder, self._patch = stack, stage, folder, patch

    async def play(self, name: str) -> Play:
        desk = desk_in(self._folder, f"{name}-{secrets.token_hex(3)}", self._patch)
        play = Play(self._stack, self._stage, desk)
        written = self._folder / desk.name
        written.mkdir()
        await play.publish(written)
        return play


@pytest.fixture
def cast(stack: Stack, stage: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    return Cast(stack, stage, folder, monkeypatch)


async def acts(play: Play, kind: ActionKind) -> None:
    (mail,) = await play.mails()
    await play.stage.emulator.act(mail.id, Action(kind=kind))
    await play.stage.emulator.drain()


def reasons(play: Play) -> list[Reason]:
    with play.stage.engine.connect() as connection:
        return [one.reason for one in suppressions.standing(connection, play.address)]


@pytest.fixture
async def backups(stack: Stack, stage: Stage, folder: Path, cast: Cast) -> Backups:
    return Backups(stack, folder, stage, await cast.play("operator"))


async def reconciled(backups: Backups, *words: str) -> str:
    """Reconcile as an operator does, and let sending go on; give what the report said."""
    report = await backups.play.run("restored", *words, "--yes")
    resumed = await backups.play.run("stop-sending", "--resume")
    assert (report.status, resumed.status) == (0, 0), report.err
    return report.out


async def lose_an_hour_of_postgres(ada: Play, bob: Play, cleo: Play, dan: Play) -> None:
    await ada.enroll_and_greet()
    await acts(bob, ActionKind.ONE_CLICK_UNSUBSCRIBE)
    await acts(dan, ActionKind.UNSUBSCRIBE)
    await cleo.skip()
    assert await cleo.subjects() == BOTH
    assert reasons(bob) == reasons(dan) == OUT


async def sees_nothing_go(play: Play) -> None:
    """Let a mail become due while all is stopped; nor can it be resumed before its time."""
    await play.skip()
    assert await play.subjects() == HELLO
    assert (await play.run("stop-sending", "--resume")).status == 1


async def test_postgresql_from_an_older_backup_under_workers_that_run(
    backups: Backups, cast: Cast
) -> None:
    ada, bob, cleo, dan, flo = [await cast.play(name) for name in NAMES]
    for one in (bob, cleo, dan, flo):
        await one.enroll_and_greet()
    await ada.bring_in()
    await backups.take("postgres")
    await lose_an_hour_of_postgres(ada, bob, cleo, dan)
    await backups.put_back("postgres")

    why = await backups.until_noticed()
    assert (await ada.sends(), reasons(bob), reasons(dan)) == ([], [], [])
    await sees_nothing_go(flo)
    told = await reconciled(backups)
    await ada.until("live", next_step="wait-1")
    await ada.skip()

    assert "PostgreSQL was restored from a backup" in why
    assert [mail.subject for mail in await flo.until_mailed(2)] == BOTH
    assert "enrollments brought back from Temporal's histories: 1" in told
    assert "sends brought back: 2" in told
    assert reasons(bob) == reasons(dan) == OUT
    assert (await ada.subjects(), await cleo.subjects()) == (BOTH, BOTH)
    assert (await bob.subjects(), await dan.subjects()) == (HELLO, HELLO)
    for one in (ada, cleo):
        assert [(row.state, row.attempt) for row in await one.sends()] == [("accepted", 1)] * 2


async def lose_an_hour_of_temporal(eve: Play, fay: Play, gus: Play) -> None:
    await eve.enroll_and_greet()
    await acts(gus, ActionKind.REPLY)
    await fay.skip()
    assert await fay.subjects() == BOTH


async def test_temporal_from_an_older_backup(backups: Backups, cast: Cast) -> None:
    eve, fay, gus = [await cast.play(name) for name in ("eve", "fay", "gus")]
    for one in (fay, gus):
        await one.enroll_and_greet()
    await backups.sweep()
    await backups.take("temporal")
    await lose_an_hour_of_temporal(eve, fay, gus)
    await backups.sweep()
    await backups.put_back("temporal", "worker")

    why = await backups.until_noticed()
    told = await reconciled(backups)
    await eve.until("live", next_step="wait-1")
    for one in (eve, fay):
        await one.skip()
    async with asyncio.timeout(20):
        replied = await gus.handle.result()

    assert "Temporal was restored from a backup" in why
    assert "started anew where the ledger says: 1" in told
    assert (replied.ending, replied.sent) == ("replied", 1)
    assert (await eve.subjects(), await fay.subjects()) == (BOTH, BOTH)
    assert await gus.subjects() == HELLO


async def test_what_is_reconciled_may_be_reconciled_again(backups: Backups) -> None:
    again = await backups.play.run("restored", "both", "--yes", "--json")

    report = again.value()
    assert isinstance(report, dict)
    assert {name: count for name, count in report["deeds"].items() if name in CHANGES} == {}
    assert report["pulled"]["added"] == dict.fromkeys(report["pulled"]["added"], 0)
    assert (await backups.play.run("stop-sending", "--resume")).status == 0

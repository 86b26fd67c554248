"""One whole development stack for a pytest process, with its real programs."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from devstack.demo.stage import Stage, open_stage
from devstack.stack import Stack
from tests.acceptance.commanding import desk_in
from tests.acceptance.playing import Play
from tests.stacks import open_directory, some_ports


@pytest.fixture(scope="session")
def stack_folder() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder


@pytest.fixture(scope="session")
def running(stack_folder: Path) -> Iterator[Stack]:
    with Stack(stack_folder, say=print, usual=some_ports()) as stack:
        yield stack


@pytest.fixture(scope="session")
def stack(running: Stack, stack_folder: Path) -> Path:
    assert running.fallen() == ()
    return stack_folder


@pytest.fixture(scope="session")
async def stage(running: Stack) -> AsyncIterator[Stage]:
    async with open_stage(running.record) as stage:
        yield stage


@pytest.fixture
async def play(
    running: Stack, stack: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Play]:
    desk = desk_in(stack, f"play-{secrets.token_hex(4)}", monkeypatch)
    play = Play(running, stage, desk)
    await play.publish(tmp_path)
    yield play
    await play.mend()

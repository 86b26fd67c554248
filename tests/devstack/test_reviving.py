import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.processes import ChildFailedError
from devstack.stack import Stack
from tests.devstack.test_stack import a_stack
from tests.devstack.waiting import eventually, is_gone


@pytest.fixture
def stack(state: Path) -> Iterator[Stack]:
    with a_stack(state) as running:
        yield running


def killed(stack: Stack, name: str) -> int:
    pid, news = stack.record.pids[name], list[str]()
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: is_gone(pid))
    assert eventually(lambda: _has_fallen(stack, news))
    return pid


def _has_fallen(stack: Stack, news: list[str]) -> bool:
    news.extend(stack.fallen())
    return news != []


def test_program_that_ended_runs_again_and_how_it_ended_is_told(stack: Stack) -> None:
    first = killed(stack, "worker")

    words = stack.revive()

    assert words[0].startswith("The worker ended with signal SIGKILL.")
    assert stack.record.pids["worker"] != first
    assert stack.revive() == ()


def test_server_that_ended_is_not_started_again(stack: Stack) -> None:
    killed(stack, "temporal")

    with pytest.raises(ChildFailedError, match=r"Temporal server ended with signal SIGKILL"):
        stack.revive()

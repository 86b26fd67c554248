"""Waiting for facts about processes that are nobody's children any more."""

import os
import time
from collections.abc import Callable
from pathlib import Path

_LIMIT = 20.0


def eventually(fact: Callable[[], bool]) -> bool:
    """Ask until it is so, and not once more: some facts are told only once."""
    deadline = time.monotonic() + _LIMIT
    while not (so := fact()) and time.monotonic() < deadline:
        time.sleep(0.02)  # the system offers no event for these
    return so


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    # An orphan's exit status lies there until process 1 fetches it. (Linux only: proc(5).)
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return False

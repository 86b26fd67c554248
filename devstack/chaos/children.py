"""Starting and ending the processes of a chaos run."""

import os
import signal
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta

from devstack.processes import Child, ChildFailedError

START = timedelta(seconds=90)
"""How long a process may take until it is ready."""

Ready = Callable[[], bool]


def end(child: Child) -> None:
    """Kill it, if it runs."""
    # What it is still about is of no interest any more.
    if child.is_running:
        os.kill(child.pid, signal.SIGKILL)
    child.stop()


def start_again(child: Child, is_ready: Ready, *, is_doomed: bool) -> None:
    """Stop it if it runs, start it, and wait until it is ready, or ends if it `is_doomed`."""
    child.stop()
    child.start()
    # A program of ours may be killed before it is ready; it is revived then.
    with suppress(ChildFailedError) if is_doomed else nullcontext():
        child.wait_until(is_ready, within=START)

"""Stopping a process that runs elsewhere, and waiting until it is gone."""

import os
import signal
import time

_SECONDS = 60
_POLL = 0.1


def stop(pid: int) -> bool:
    """Ask the process to stop, wait for it at most a minute, and tell whether it is gone."""
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return True
    until = time.monotonic() + _SECONDS
    while is_running(pid):
        if time.monotonic() > until:
            return False
        time.sleep(_POLL)
    return True


def is_running(pid: int) -> bool:
    """Tell whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

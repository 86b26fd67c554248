"""Threads that hesitate before one of their statements, so that others come between."""

import threading
import time

from sqlalchemy import Engine, event

_A_WHILE = 0.004
_HERE = threading.local()


def hesitate_before(statement: int) -> None:
    """Let this thread hesitate before the so many-th statement from now on; 0: never."""
    _HERE.left = statement


def may_hesitate(engine: Engine) -> None:
    """Make statements of an engine wait where their thread is to."""

    @event.listens_for(engine, "before_cursor_execute")
    def _before(*_given: object) -> None:
        _HERE.left = getattr(_HERE, "left", 0) - 1
        if _HERE.left == 0:
            time.sleep(_A_WHILE)

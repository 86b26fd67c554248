"""A worker by a clock that is wrong: `python -m devstack.chaos.skewed SECONDS`.

All that our own code reads of the time is as much ahead, or behind. Temporal's and PostgreSQL's
drivers, and the machine, keep the right time.
"""

import sys
import time
from datetime import datetime, timedelta
from importlib import import_module

from runtime import clock
from runtime.settings import load_settings
from runtime.telemetry import set_up_logging

_WALL, _UNIX = "wall_now", "time"


def main(arguments: list[str]) -> None:
    """Set the clocks wrong, then work until told to stop."""
    ahead = float(arguments[0])
    right, unix = clock.wall_now, time.time

    def wrong() -> datetime:
        return right() + timedelta(seconds=ahead)

    setattr(clock, _WALL, wrong)
    setattr(time, _UNIX, lambda: unix() + ahead)
    settings = load_settings()
    set_up_logging(settings)
    # Whoever asks for the time takes it by name when it is imported: so not before now.
    import_module("worker.run").run(settings)


if __name__ == "__main__":
    main(sys.argv[1:])

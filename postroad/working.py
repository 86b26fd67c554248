"""`postroad worker`: what decides, renders and sends."""

from runtime.settings import load_settings
from runtime.telemetry import set_up_logging
from worker.run import run


def worker() -> None:
    """Run a worker: it decides, renders and sends.

    Any number of workers may run. On SIGTERM or Ctrl-C it finishes what it has claimed, for up
    to 30 seconds, and starts nothing new.
    """
    settings = load_settings()
    set_up_logging(settings)
    run(settings)


COMMANDS = {"worker": worker}

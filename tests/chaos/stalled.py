"""A worker that stops itself, as by SIGSTOP, in the one moment before its first mail is written."""

import signal
import sys
import threading
from urllib.request import OpenerDirector

from typing_extensions import override

from activities.mailing import sendgrid
from activities.mailing.connecting import Connecting, InTime
from runtime.settings import load_settings
from runtime.telemetry import set_up_logging
from worker.run import run

LATE = "was it in time? False"
"""What it writes when it went on and saw that it was too late."""


class Stalling(Connecting):
    """Opens connections as the real one does; the first one is there when all stops."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self._opener = super().opener
        self._has_stopped = False

    @override
    def opener(self, in_time: InTime) -> OpenerDirector:
        return self._opener(lambda: self._asked(in_time))

    def _asked(self, in_time: InTime) -> bool:
        if not self._has_stopped:
            self._has_stopped = True
            # To this very thread: another one would be stopped first, and this one go on a while.
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        answer = in_time()
        sys.stdout.write(f"was it in time? {answer}\n")
        sys.stdout.flush()
        return answer


if __name__ == "__main__":
    setattr(sendgrid, Connecting.__name__, Stalling)
    settings = load_settings()
    set_up_logging(settings)
    run(settings)

"""Python processes that start something, say so, and wait to be killed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parents[2]
# A shell that runs us in the background lets us ignore SIGINT, and children inherit that.
_BEFORE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    f"sys.path.insert(0, {str(_ROOT)!r})\n"
)
_AFTER = "\nprint('end', flush=True); sys.stdin.read()\n"


@contextmanager
def parent_that_runs(script: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    parent = subprocess.Popen(  # noqa: S603  (this interpreter, the test's own script)
        [sys.executable, "-c", _BEFORE + script + _AFTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert parent.stdout is not None
        yield parent, _said(parent.stdout)
    finally:
        parent.kill()
        parent.communicate()


def _said(output: IO[str]) -> list[str]:
    said = list(takewhile(lambda line: line != "end\n", output))
    return [line.strip() for line in said]

"""Running the command as a user does, in a process of its own, with no stack around."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


def postroad(*words: str, folder: Path, **variables: str) -> Ran:
    """Run `postroad` in `folder` with these variables and no others of its own."""
    done = subprocess.run(  # noqa: S603 the command under test
        [sys.executable, "-m", "postroad", *words],
        cwd=folder,
        env={"HOME": str(folder), "LOGNAME": "tester", "TMPDIR": str(folder), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)

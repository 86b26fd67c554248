"""Child processes that do not outlive the process which started them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

_POLL = 0.02
_LAST_LINES = 15
_SETTINGS = ("POSTROAD_", "TEMPORAL_")
# What a stack has no value of its own for, and nothing of production can come of.
_PASSED_ON = {"POSTROAD_ADAPTERS", "POSTROAD_ADAPTER_SECRETS"}

# Waits, in a session of its own, for the end of the pipe from its parent. A line "done" means that
# the child is gone; an end without it means that the parent is: then it ends the child's process
# group and removes the scratch directory. Unlike Linux's PR_SET_PDEATHSIG this works on macOS, does
# not fire when only the starting thread ends, and reaches grandchildren.
_LEASH = """
read -r group || exit 0
read -r released && exit 0
kill -s "$1" -- "-$group" 2>/dev/null
tries=0
while kill -s 0 -- "-$group" 2>/dev/null && [ $tries -lt 50 ]; do
  tries=$((tries + 1)); sleep 0.1
done
kill -s KILL -- "-$group" 2>/dev/null
[ -z "$2" ] || rm -rf -- "$2"
"""


class ChildFailedError(Exception):
    """A child process ended, or did not become ready; the message ends with its last lines."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The system user that a child runs as."""

    user: int
    group: int


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to run, where and as whom, and how it wants to be ended."""

    name: str
    argv: tuple[str, ...]
    log: Path
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: timedelta = timedelta(seconds=10)
    scratch: Path | None = None
    """A directory that is removed if we are killed before we could stop the child."""


def own_environment(**extra: str) -> dict[str, str]:
    """Return our environment with other variables of this project and of Temporal's client.

    Adapters and their secrets are passed on: a stack has none of its own.
    """
    ours = os.environ  # noqa: TID251  (passed on to a child, nothing is read)
    kept = (name for name in ours if name in _PASSED_ON or not name.startswith(_SETTINGS))
    return {name: ours[name] for name in kept} | extra


def lean_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which no setting of the user's shell changes a server."""
    return {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}


class Child:
    """One child process in a process group of its own, ended with us whatever ends us."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._leash: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def pid(self) -> int:
        """The process id; raises ChildFailedError if it was never started."""
        if self._process is None:
            raise ChildFailedError(f"{self.command.name} was not started.")
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """The exit status (negative: the signal that ended it), or None while it runs."""
        if self._process is None:
            return None
        status = self._process.poll()
        if status is not None:
            self._let_go(self._process.pid)
        return status

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self.exit_status is None

    @property
    def output(self) -> str:
        """What it wrote since its last start."""
        with self.command.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def start(self) -> None:
        """Start it, its output appended to the log file; a running one is left as it is."""
        if self.is_running:
            return
        command = self.command
        leash = _start_leash(command)
        with command.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = _start_process(command, log.fileno())
        _tell(leash, f"{self._process.pid}\n")
        self._leash = leash

    def wait_until(self, is_ready: Callable[[], bool], *, within: timedelta) -> None:
        """Wait for a fact; if the child ends first or time runs out, stop it and raise."""
        deadline = time.monotonic() + within.total_seconds()
        while not is_ready():
            if not self.is_running:
                raise ChildFailedError(self.obituary())
            if time.monotonic() > deadline:
                self.stop()
                raise ChildFailedError(
                    f"{self.command.name} was not ready within {within.total_seconds():g} s."
                    f"{self._last_lines()}"
                )
            time.sleep(_POLL)

    def wait(self, *, within: timedelta) -> None:
        """Wait for it to end by itself; raises ChildFailedError if it fails or takes longer."""
        self.wait_until(lambda: not self.is_running, within=within)
        if self.exit_status != 0:
            raise ChildFailedError(self.obituary())

    def await_end(self) -> None:
        """Wait until it has ended, and its whole group with it, for whatever reason."""
        if self._process is not None:
            self._process.wait()
            self._let_go(self._process.pid)

    def stop(self) -> None:
        """Ask it to end, insist after its grace, and return when its whole group is gone."""
        if self._process is None:
            return
        if self.is_running:
            self._process.send_signal(self.command.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.command.grace.total_seconds())
        self._let_go(self._process.pid)
        self._process.wait()

    def obituary(self) -> str:
        """Say how it ended, with its last lines."""
        return f"{self.command.name} ended with {_manner(self.exit_status)}.{self._last_lines()}"

    def _last_lines(self) -> str:
        lines = self.output.splitlines()[-_LAST_LINES:]
        shown = "".join(f"\n  {line}" for line in lines)
        return f" Its log is {self.command.log}{', and ends:' + shown if shown else '.'}"

    def _let_go(self, group: int) -> None:
        # Taken first: several threads may look whether it has ended.
        leash, self._leash = self._leash, None
        if leash is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
        _tell(leash, "done\n")
        leash.communicate()


def _tell(leash: subprocess.Popen[bytes], line: str) -> None:
    if leash.stdin is None:
        return
    with suppress(BrokenPipeError):
        leash.stdin.write(line.encode())
        leash.stdin.flush()


def _start_leash(command: Command) -> subprocess.Popen[bytes]:
    scratch = "" if command.scratch is None else str(command.scratch)
    name = command.stop_signal.name.removeprefix("SIG")
    return subprocess.Popen(  # noqa: S603  (our own text, run by the system's shell)
        ["/bin/sh", "-c", _LEASH, f"leash of {command.name}", name, scratch],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        # Descriptors that were made inheritable, a lock's say, stay open until the child is gone.
        close_fds=False,
        start_new_session=True,
    )


def _start_process(command: Command, log: int) -> subprocess.Popen[bytes]:
    account = command.account
    return subprocess.Popen(  # noqa: S603  (the arguments are ours, no shell reads them)
        command.argv,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=command.folder,
        env=dict(command.environment),
        user=None if account is None else account.user,
        group=None if account is None else account.group,
        extra_groups=None if account is None else (),
        start_new_session=True,
    )


def _manner(status: int | None) -> str:
    if status is not None and status < 0:
        return f"signal {signal.Signals(-status).name}"
    return f"exit status {status}"

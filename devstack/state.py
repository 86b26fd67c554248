"""The folder `.postroad`: one stack's lock, its generated keys, and whatever it keeps."""

import fcntl
import os
import secrets
import shutil
import time
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from runtime.stackfile import STACK_FILE, STATE_FOLDER
from schemas.values import Value

_LOCK = "lock"
_POLL = 0.05
_CLEANING = timedelta(seconds=15)


class StackRunningError(Exception):
    """Another stack runs on the same state folder."""


def _new_webhook_secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


class Keys(Value):
    """The secrets of one stack: made once, so that links in old mails stay good."""

    api_key: str = Field(repr=False)
    sendgrid_api_key: str = Field(repr=False)
    token_key: str = Field(repr=False)
    inbound_path_secret: str = Field(repr=False)
    webhook_secret: str = Field(default_factory=_new_webhook_secret, repr=False)


class State:
    """The state folder inside a given one, locked while a stack runs on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.path = self.folder / STATE_FOLDER
        self._lock: int | None = None

    @property
    def record(self) -> Path:
        """Where the running stack writes what other commands need to find it."""
        return self.path / STACK_FILE

    @property
    def logs(self) -> Path:
        """Where the processes of the stack write."""
        return self.path / "logs"

    def lock(self) -> None:
        """Take the folder for this process; raises StackRunningError if a live one has it.

        The lock of a stack that was killed passes to what ends its children, and is free when
        they are gone: so this waits for that, and a stale lock cannot exist.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / ".gitignore").write_text("*\n")
        descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._wait_for(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        os.set_inheritable(descriptor, True)  # noqa: FBT003  (the function's only form)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._lock = descriptor
        self.logs.mkdir(exist_ok=True)
        self.record.unlink(missing_ok=True)

    def unlock(self) -> None:
        """Give the folder free, its record removed."""
        if self._lock is None:
            return
        self.record.unlink(missing_ok=True)
        os.close(self._lock)
        self._lock = None

    def clear(self) -> None:
        """Throw everything away but the lock."""
        for path in self.path.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in {_LOCK, ".gitignore"}:
                path.unlink()
        self.logs.mkdir()

    def keys(self) -> Keys:
        """Return the kept keys, made now if there are none."""
        path = self.path / "keys.json"
        if path.exists():
            return Keys.model_validate_json(path.read_bytes())
        keys = Keys(
            api_key=secrets.token_urlsafe(24),
            sendgrid_api_key=f"SG.{secrets.token_urlsafe(16)}.{secrets.token_urlsafe(32)}",
            token_key=secrets.token_urlsafe(32),
            inbound_path_secret=secrets.token_urlsafe(24),
        )
        path.touch(mode=0o600)
        path.write_text(keys.model_dump_json(indent=2))
        return keys

    def _wait_for(self, descriptor: int) -> None:
        deadline = time.monotonic() + _CLEANING.total_seconds()
        while not _is_locked_now(descriptor):
            owner = _owner(descriptor)
            if _is_alive(owner) or time.monotonic() > deadline:
                raise StackRunningError(
                    f"A stack already runs in {self.folder} (process {owner}): stop it with Ctrl-C "
                    f"where it runs, or with `kill {owner}`, or start this one in another folder."
                )
            time.sleep(_POLL)


def _is_locked_now(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _owner(descriptor: int) -> int:
    written = os.pread(descriptor, 20, 0).strip()
    return int(written) if written.isdigit() else 0


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != 0

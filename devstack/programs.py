"""Our own processes in the stack: how each is called, and what it is told."""

import sys
import sysconfig
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from devstack.ports import LOOPBACK
from devstack.processes import Command, own_environment
from devstack.state import State
from runtime.settings import Settings, variable
from runtime.stackfile import StackFile

# A worker finishes what it has claimed for up to 30 seconds.
_GRACE = timedelta(seconds=35)


def _postroad(*words: str) -> tuple[str, ...]:
    return (str(Path(sysconfig.get_path("scripts")) / "postroad"), *words)


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The commands that docker-compose.yml runs as well; the stack adds ports and addresses."""

    emulator: tuple[str, ...] = (sys.executable, "-m", "devstack.emulator")
    migrate: tuple[str, ...] = _postroad("migrate")
    worker: tuple[str, ...] = _postroad("worker")
    webhooks: tuple[str, ...] = _postroad("webhooks")
    worker_says: str = "the worker is ready"
    """What the worker writes when it takes tasks; the others are ready when they listen."""


def environment_of(record: StackFile) -> dict[str, str]:
    """Return the variables by which a process finds this stack: one for each setting."""
    known = {name: getattr(record, name) for name in Settings.model_fields if name in _FIELDS}
    return {variable(name): _written(value) for name, value in known.items()}


def program(state: State, name: str, argv: tuple[str, ...], record: StackFile) -> Command:
    """Describe one process of ours, told about the stack by its environment."""
    return Command(
        name=f"The {name}",
        argv=argv,
        log=state.logs / f"{name}.log",
        folder=state.folder,
        environment=own_environment(PYTHONUNBUFFERED="1", **environment_of(record)),
        grace=_GRACE,
        scratch=state.record,
    )


def emulator_arguments(state: State, record: StackFile, port: int) -> tuple[str, ...]:
    """Return the emulator's arguments: where it listens and keeps its mails, and whom it tells."""
    return (
        *("--host", LOOPBACK, "--port", str(port), "--state", str(state.path / "emulator")),
        *("--api-key", record.sendgrid_api_key),
        *("--webhook-url", f"{record.public_url}/webhooks/sendgrid"),
        *("--inbound-url", f"{record.public_url}/webhooks/inbound/{record.inbound_path_secret}"),
    )


def webhooks_arguments(port: int) -> tuple[str, ...]:
    """Return the webhooks app's arguments: where it listens."""
    return ("--host", LOOPBACK, "--port", str(port))


_FIELDS = StackFile.model_fields.keys()


def _written(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)

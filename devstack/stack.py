"""The whole stack on one machine: the servers, and the processes that docker-compose runs."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType, TracebackType
from typing import NamedTuple, Self

from devstack.ports import answers
from devstack.postgres import EmbeddedPostgres
from devstack.processes import Child, ChildFailedError
from devstack.programs import Programs, emulator_arguments, program, webhooks_arguments
from devstack.records import Ports, chosen_ports, record_of
from devstack.state import State
from devstack.temporal import EmbeddedTemporal
from runtime.stackfile import StackFile
from schemas.names import SEARCH_ATTRIBUTES

_POLL = 0.2
_START_TIMEOUT = timedelta(seconds=180)
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PROGRAMS, _USUAL = Programs(), Ports()
_PROGRAM_NAMES = frozenset({"emulator", "worker", "webhooks"})

Say = Callable[[str], None]


class _Member(NamedTuple):
    child: Child
    is_ready: Callable[[], bool]


class Stack:
    """All servers and processes, started in order and stopped in the reverse one.

    Raises StackRunningError, PortTakenError or ChildFailedError, each one clear sentence. Whatever
    ends this process, the others end as well.
    """

    def __init__(
        self,
        folder: Path,
        *,
        say: Say,
        fresh: bool = False,
        programs: Programs = _PROGRAMS,
        usual: Ports = _USUAL,
    ) -> None:
        self._state = State(folder)
        self._say = say
        self._fresh = fresh
        self._programs = programs
        self._usual = usual
        self._exits = ExitStack()
        self._members: dict[str, _Member] = {}
        self._mourned: set[int] = set()
        self._record: StackFile | None = None

    @property
    def record(self) -> StackFile:
        """Where everything listens, with the process ids of the moment."""
        if self._record is None:
            raise RuntimeError("The stack was not started.")
        pids = {name: member.child.pid for name, member in self._members.items()}
        return self._record.model_copy(update={"pids": pids})

    def start(self) -> None:
        """Start everything and return when it answers, recorded for other commands."""
        self._state.lock()
        self._exits.callback(self._state.unlock)
        if self._fresh:
            self._state.clear()
        ports = chosen_ports(self._usual, self._say)
        self._record = record_of(self._state, ports, self._start_servers(ports))
        self._start_programs(self._record, ports)
        self.record.write(self._state.folder)

    def stop(self) -> None:
        """Stop everything, the last started first."""
        self._exits.close()

    def restart(self, name: str) -> None:
        """Start a server or one of our programs again, stopping it if it runs."""
        child, is_ready = self._members[name]
        child.stop()
        child.start()
        child.wait_until(is_ready, within=_START_TIMEOUT)
        self.record.write(self._state.folder)

    def fallen(self) -> tuple[str, ...]:
        """Tell of each process that ended by itself, once, how it ended; the rest keeps running."""
        children = [member.child for member in self._members.values()]
        dead = [child for child in children if not child.is_running]
        news = [child for child in dead if child.pid not in self._mourned]
        self._mourned.update(child.pid for child in news)
        return tuple(f"{child.obituary()}\nThe rest of the stack keeps running." for child in news)

    def revive(self) -> tuple[str, ...]:
        """Start each of our programs that ended by itself again, and tell how it had ended.

        Raises ChildFailedError if PostgreSQL or Temporal ended: what they were doing is cut off.
        """
        fallen = [name for name, member in self._members.items() if not member.child.is_running]
        words = tuple(self._members[name].child.obituary() for name in fallen)
        if not _PROGRAM_NAMES.issuperset(fallen):
            raise ChildFailedError(words[0])
        for name in fallen:
            self.restart(name)
        return words

    def serve(self, welcome: Callable[[StackFile], None], *, keep: bool = True) -> None:
        """Start, welcome, say what happens, and stop at Ctrl-C, SIGTERM or SIGHUP.

        Without `keep` the welcome is all: it stops when that is over.
        """
        with _signals_as_interrupts(), suppress(KeyboardInterrupt), self:
            welcome(self.record)
            while keep:
                for sentence in self.fallen():
                    self._say(sentence)
                time.sleep(_POLL)

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

    def _start_servers(self, ports: Ports) -> str:
        postgres = EmbeddedPostgres(self._state.path / "postgres", port=ports.postgres)
        self._exits.callback(postgres.stop)
        postgres.start()
        temporal = EmbeddedTemporal(
            self._state.path / "temporal",
            port=ports.temporal,
            ui_port=ports.temporal_ui,
            search_attributes=SEARCH_ATTRIBUTES,
        )
        self._exits.callback(temporal.stop)
        temporal.start()
        self._members["postgres"] = _Member(postgres.running, postgres.answers)
        self._members["temporal"] = _Member(temporal.running, temporal.answers)
        return postgres.url

    def _start_programs(self, record: StackFile, ports: Ports) -> None:
        programs = self._programs
        mail = emulator_arguments(self._state, record, ports.emulator)
        emulator = self._launch("emulator", (*programs.emulator, *mail))
        self._members["emulator"] = _Member(emulator, lambda: answers(ports.emulator))
        migration = Child(program(self._state, "migration", programs.migrate, record))
        self._exits.callback(migration.stop)
        migration.start()
        migration.wait(within=_START_TIMEOUT)
        web = webhooks_arguments(ports.webhooks)
        worker = self._launch("worker", programs.worker)
        self._members["worker"] = _Member(worker, lambda: programs.worker_says in worker.output)
        webhooks = self._launch("webhooks", (*programs.webhooks, *web))
        self._members["webhooks"] = _Member(webhooks, lambda: answers(ports.webhooks))
        for child, is_ready in self._members.values():
            child.wait_until(is_ready, within=_START_TIMEOUT)

    def _launch(self, name: str, argv: tuple[str, ...]) -> Child:
        child = Child(program(self._state, name, argv, self.record))
        self._exits.callback(child.stop)
        child.start()
        return child


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    before = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, disposition in before.items():
            signal.signal(number, disposition)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

"""The processes of a chaos run, the wires between them, and how they are killed and started."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from devstack.chaos.children import START, Ready, end, start_again
from devstack.chaos.plan import Plan
from devstack.chaos.wires.exchanges import Door
from devstack.chaos.wires.links import Link
from devstack.chaos.wires.posts import Posts
from devstack.chaos.wires.returns import Returns
from devstack.ports import answers, free_port
from devstack.postgres import EmbeddedPostgres
from devstack.processes import Child
from devstack.programs import Programs, emulator_arguments, program, webhooks_arguments
from devstack.records import free_ports, record_of
from devstack.state import State
from devstack.temporal import EmbeddedTemporal
from runtime.stackfile import StackFile
from schemas.names import SEARCH_ATTRIBUTES

_LOOK_SECONDS = 0.1
_SERVERS = frozenset({"postgres", "temporal"})
_PROGRAMS = Programs()


class House:
    """All processes by name: `postgres`, `temporal`, `emulator`, `webhooks`, `worker-1` and on."""

    def __init__(self, plan: Plan, folder: Path, programs: Programs = _PROGRAMS) -> None:
        self.posts = Posts(plan.posts, self)
        self.returns = Returns(plan.events, self)
        self.killed: Counter[str] = Counter()
        self.fell: list[str] = []
        """How processes ended that nobody had killed."""
        self.workers = tuple(f"worker-{n}" for n in range(1, plan.size.workers + 1))
        self._plan, self._folder, self._programs = plan, folder, programs
        self._state = State(folder)
        self._ports = free_ports()
        self._links: dict[str, Link] = {}
        self._doors: list[Door] = []
        self._children: dict[str, tuple[Child, Ready]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._condemned: set[int] = set()
        self._record: StackFile | None = None

    @property
    def record(self) -> StackFile:
        """Where everything listens, for who drives the run: no wire in between but the last."""
        if self._record is None:
            raise RuntimeError("The house was not built.")
        return self._record

    def link(self, name: str) -> Link:
        """Give a wire such as `worker-1:postgres`."""
        return self._links[name]

    def child(self, name: str) -> Child:
        """Give a process."""
        return self._children[name][0]

    def kill(self, name: str) -> None:
        """Kill at once, if it runs."""
        child = self.child(name)
        if child.is_running and child.pid not in self._condemned:
            self._condemned.add(child.pid)
            self.killed[name] += 1
            os.kill(child.pid, signal.SIGKILL)

    def stop(self, name: str, seconds: float) -> None:
        """Stop it at once, and let it go on after so many seconds."""
        pid = self.child(name).pid
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        asyncio.get_running_loop().call_later(seconds, self._go_on, name, pid)

    def hold(self, wire: str) -> None:
        """Let nothing through a wire."""
        self._links[wire].hold()

    def release(self, wire: str) -> None:
        """Let through what was held."""
        self._links[wire].release()

    async def restart(self, name: str, how: signal.Signals | None = None) -> None:
        """Start again: after its own way of ending, or after a signal has ended it at once."""
        child, is_ready = self._children[name]
        async with self._locks[name]:
            if child.is_running:
                self._condemned.add(child.pid)
                if how is not None:
                    os.kill(child.pid, how)
                    await asyncio.to_thread(child.await_end)
            await asyncio.to_thread(start_again, child, is_ready, is_doomed=name not in _SERVERS)

    async def revive(self) -> None:
        """Start each process of ours again that has ended, for as long as this is awaited."""
        while True:
            for name in (*self.workers, "webhooks"):
                child = self.child(name)
                if not child.is_running and not self._locks[name].locked():
                    if child.pid not in self._condemned:
                        self.fell.append(child.obituary())
                    async with self._locks[name]:
                        await asyncio.to_thread(child.start)
            await asyncio.sleep(_LOOK_SECONDS)

    def _go_on(self, name: str, pid: int) -> None:
        child = self.child(name)
        if child.is_running and child.pid == pid:
            os.kill(pid, signal.SIGCONT)

    async def build(self, exits: AsyncExitStack) -> None:
        """Start everything; `exits` stops it."""
        await asyncio.to_thread(self._start_servers, exits)
        for name in (*self.workers, "webhooks"):
            for to, port in (
                ("postgres", self._ports.postgres),
                ("temporal", self._ports.temporal),
            ):
                link = Link(free_port(), port)
                self._links[f"{name}:{to}"] = await exits.enter_async_context(link)
        for name in self.workers:
            await self._open(
                exits, Door(name, free_port(), self._ports.emulator, self.posts.decide)
            )
        back = Door("webhooks", self._ports.webhooks, free_port(), self.returns.decide)
        await self._open(exits, back)
        await asyncio.to_thread(self._start_programs, exits, back.to)

    async def _open(self, exits: AsyncExitStack, door: Door) -> None:
        self._doors.append(await exits.enter_async_context(door))

    def _start_servers(self, exits: AsyncExitStack) -> None:
        self._state.lock()
        exits.callback(self._state.unlock)
        postgres = EmbeddedPostgres(self._state.path / "postgres", port=self._ports.postgres)
        exits.callback(postgres.stop)
        postgres.start()
        temporal = EmbeddedTemporal(
            self._state.path / "temporal",
            port=self._ports.temporal,
            ui_port=self._ports.temporal_ui,
            search_attributes=SEARCH_ATTRIBUTES,
        )
        exits.callback(temporal.stop)
        temporal.start()
        self._keep("postgres", postgres.running, postgres.answers)
        self._keep("temporal", temporal.running, temporal.answers)
        record = record_of(self._state, self._ports, postgres.url)
        self._record = record.model_copy(update={"virtual_time": False})

    def _start_programs(self, exits: AsyncExitStack, webhooks_port: int) -> None:
        programs, record = self._programs, self.record
        mail = emulator_arguments(self._state, record, self._ports.emulator)
        emulator = (*programs.emulator, *mail, "--duplicates", "new_id", "--reorder")
        self._launch(exits, "emulator", emulator, record, lambda: answers(self._ports.emulator))
        migration = self._launch(exits, "migration", programs.migrate, record, lambda: True)
        migration.wait(within=START)
        serving = (*programs.webhooks, *webhooks_arguments(webhooks_port))
        seen = self._seen_by("webhooks")
        self._launch(exits, "webhooks", serving, seen, lambda: answers(webhooks_port))
        for name in self.workers:
            says = partial(self._says, name, programs.worker_says)
            self._launch(exits, name, self._worker(name), self._seen_by(name), says)
        for name in ("emulator", "webhooks", *self.workers):
            child, is_ready = self._children[name]
            child.wait_until(is_ready, within=START)

    def _worker(self, name: str) -> tuple[str, ...]:
        skew = self._plan.skews.get(name)
        if skew is None or self._programs != _PROGRAMS:
            return self._programs.worker
        return (sys.executable, "-m", "devstack.chaos.skewed", str(skew))

    def _seen_by(self, name: str) -> StackFile:
        record, ports = self.record, self._ports
        database = self._links[f"{name}:postgres"].port
        update: dict[str, object] = {
            "database_url": record.database_url.replace(f":{ports.postgres}/", f":{database}/"),
            "temporal_address": f"127.0.0.1:{self._links[f'{name}:temporal'].port}",
        }
        for door in self._doors:
            if door.name == name and name != "webhooks":
                update["sendgrid_url"] = f"http://127.0.0.1:{door.port}"
        return record.model_copy(update=update)

    def _says(self, name: str, words: str) -> bool:
        return words in self.child(name).output

    def _launch(
        self,
        exits: AsyncExitStack,
        name: str,
        argv: tuple[str, ...],
        record: StackFile,
        is_ready: Ready,
    ) -> Child:
        command = program(self._state, name, argv, record)
        child = Child(replace(command, scratch=self._folder))
        exits.callback(end, child)
        child.start()
        self._keep(name, child, is_ready)
        return child

    def _keep(self, name: str, child: Child, is_ready: Ready) -> None:
        self._children[name] = child, is_ready
        self._locks[name] = asyncio.Lock()


def _own_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"postroad-chaos-{os.getpid()}-"))
    # PostgreSQL does not run as root, and its own account must get to its files.
    folder.chmod(0o711)
    return folder


@asynccontextmanager
async def built(plan: Plan, programs: Programs = _PROGRAMS) -> AsyncIterator[House]:
    """Build a house in a folder of its own; afterwards neither processes nor files are left."""
    folder = _own_folder()
    async with AsyncExitStack() as exits:
        exits.callback(shutil.rmtree, folder, ignore_errors=True)
        house = House(plan, folder, programs)
        await house.build(exits)
        yield house

"""Servers of our own for one measurement, on free loopback ports; afterwards nothing is left."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import Engine, select
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.bareworker import READY
from bench.sequences import MONDAY
from devstack.emulator.signing import load_key
from devstack.ports import LOOPBACK, answers, free_port
from devstack.postgres import EmbeddedPostgres
from devstack.processes import Child
from devstack.programs import Programs, program, webhooks_arguments
from devstack.records import Ports, record_of
from devstack.state import State
from devstack.temporal import EmbeddedTemporal
from runtime.connections import build_engine
from runtime.settings import Settings
from runtime.stackfile import StackFile
from schemas.names import SEARCH_ATTRIBUTES
from schemas.version import Version
from storage import versions
from storage.schema.tables import sends

Store = Literal["memory", "sqlite"]

_START = timedelta(seconds=60)
_PROGRAMS = Programs()


@dataclass(frozen=True)
class Servers:
    """Where everything listens, and what runs by the process ids of the moment."""

    record: StackFile
    engine: Engine
    pids: dict[str, int]
    webhook_key: EllipticCurvePrivateKey
    """With which SendGrid's webhooks are signed."""

    beside_url: str
    """Where a second webhooks app listens, if one runs (`beside`)."""

    async def client(self) -> Client:
        """Connect to Temporal."""
        address = self.record.temporal_address
        return await Client.connect(address, data_converter=pydantic_data_converter)

    def unsent(self) -> list[str]:
        """Tell of each mail that was claimed and not accepted how it stands, and why."""
        found = select(sends.c.step, sends.c.state, sends.c.reason).where(
            sends.c.state != "accepted"
        )
        with self.engine.connect() as connection:
            rows = connection.execute(found)
            return [f"{step} is {state}: {reason}" for step, state, reason in rows]

    def publish(self, version: Version) -> None:
        """Publish a version."""
        with self.engine.begin() as connection:
            versions.publish(connection, version, by="bench", at=MONDAY)


@contextmanager
def running(*programs: str, store: Store = "memory") -> Iterator[Servers]:
    """Run PostgreSQL, Temporal on `store`, and of our programs those named.

    PostgreSQL keeps what it commits, as in production; the emulator tells no webhook.
    """
    folder = Path(tempfile.mkdtemp(prefix="postroad-bench-"))
    # PostgreSQL does not run as root, and its own account must get to its files.
    folder.chmod(0o711)
    with ExitStack() as exits:
        exits.callback(shutil.rmtree, folder, ignore_errors=True)
        yield _Starting(exits, State(folder), store).start(programs)


class _Starting:
    def __init__(self, exits: ExitStack, state: State, store: Store) -> None:
        self._exits, self._state, self._store = exits, state, store
        self._ports = _free_ports()
        self._beside = free_port(besides=asdict(self._ports).values())
        self._pids: dict[str, int] = {}

    def start(self, programs: tuple[str, ...]) -> Servers:
        self._state.lock()
        self._exits.callback(self._state.unlock)
        postgres = EmbeddedPostgres(self._state.path / "postgres", port=self._ports.postgres)
        self._exits.callback(postgres.stop)
        postgres.start()
        self._pids["postgres"] = postgres.running.pid
        self._start_temporal()
        record = record_of(self._state, self._ports, postgres.url)
        self._start_programs(record, programs)
        engine = build_engine(Settings(database_url=postgres.url))
        self._exits.callback(engine.dispose)
        key = load_key(self._state.path / "emulator")
        return Servers(record, engine, self._pids, key, f"http://{LOOPBACK}:{self._beside}")

    def _start_temporal(self) -> None:
        temporal = EmbeddedTemporal(
            self._state.path / "temporal" if self._store == "sqlite" else None,
            port=self._ports.temporal,
            ui_port=self._ports.temporal_ui,
            search_attributes=SEARCH_ATTRIBUTES,
        )
        self._exits.callback(temporal.stop)
        temporal.start()
        self._pids["temporal"] = temporal.running.pid

    def _start_programs(self, record: StackFile, programs: tuple[str, ...]) -> None:
        self._launch("migrate", _PROGRAMS.migrate, record).wait(within=_START)
        argv_by_name = self._arguments(record)
        children = {name: self._launch(name, argv_by_name[name], record) for name in programs}
        for name, child in children.items():
            child.wait_until(partial(self._is_ready, name, child), within=_START)
            self._pids[name] = child.pid

    def _arguments(self, record: StackFile) -> dict[str, tuple[str, ...]]:
        mail = ("--port", str(self._ports.emulator), "--api-key", record.sendgrid_api_key)
        slots = str(Settings.model_fields["worker_slots"].default)
        return {
            "emulator": (*_PROGRAMS.emulator, *mail),
            "worker": _PROGRAMS.worker,
            "webhooks": (*_PROGRAMS.webhooks, *webhooks_arguments(self._ports.webhooks)),
            "beside": (*_PROGRAMS.webhooks, *webhooks_arguments(self._beside)),
            "bare": (sys.executable, "-m", "bench.bareworker", record.temporal_address, slots),
        }

    def _is_ready(self, name: str, child: Child) -> bool:
        if name in _WORD_BY_WORKER:
            return _WORD_BY_WORKER[name] in child.output
        return answers(self._beside if name == "beside" else getattr(self._ports, name))

    def _launch(self, name: str, argv: tuple[str, ...], record: StackFile) -> Child:
        child = Child(program(self._state, name, argv, record))
        self._exits.callback(child.stop)
        child.start()
        return child


def _free_ports() -> Ports:
    chosen: dict[str, int] = {}
    for field in fields(Ports):
        chosen[field.name] = free_port(besides=chosen.values())
    return Ports(**chosen)


_WORD_BY_WORKER = {"worker": _PROGRAMS.worker_says, "bare": READY}

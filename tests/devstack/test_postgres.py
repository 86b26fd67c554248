import os
import shutil
import signal
import socket
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from devstack.ports import LOOPBACK, PortTakenError
from devstack.postgres import EmbeddedPostgres
from tests.devstack.parents import parent_that_runs
from tests.devstack.waiting import eventually, is_gone

GUESS = "guess"


def run(server: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    url = server.url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_throw_away_cluster_leaves_no_files() -> None:
    server = EmbeddedPostgres()

    with server:
        folder = Path(str(run(server, "SHOW data_directory")[0][0])).parent

    assert not folder.exists()


def test_restart_keeps_the_rows_and_the_password(state: Path) -> None:
    with EmbeddedPostgres(state / "postgres") as first:
        run(first, "CREATE TABLE kept AS SELECT 42 AS answer")

    with EmbeddedPostgres(state / "postgres", port=first.port) as second:
        assert run(second, "SELECT answer FROM kept") == [(42,)]
    assert second.url == first.url


def test_kept_cluster_survives_a_kill(state: Path) -> None:
    with EmbeddedPostgres(state / "postgres") as first:
        run(first, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(first.running.pid, signal.SIGKILL)
        assert eventually(lambda: not first.running.is_running)

    with EmbeddedPostgres(state / "postgres") as second:
        assert run(second, "SELECT answer FROM kept") == [(42,)]


def test_kept_cluster_syncs_and_a_throw_away_one_does_not(
    state: Path, postgres: EmbeddedPostgres
) -> None:
    with EmbeddedPostgres(state / "postgres") as kept:
        assert run(kept, "SHOW fsync") == [("on",)]
    assert run(postgres, "SHOW fsync") == [("off",)]


def test_password_is_asked_for_and_kept_for_its_owner_only(state: Path) -> None:
    with (
        EmbeddedPostgres(state / "postgres") as server,
        pytest.raises(psycopg.OperationalError, match="password"),
    ):
        psycopg.connect(host=LOOPBACK, port=server.port, user="postroad", password=GUESS)

    assert (state / "postgres" / "password").stat().st_mode & 0o077 == 0


def test_taken_port_is_told_before_anything_starts() -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        server = EmbeddedPostgres(port=other.getsockname()[1])

        with pytest.raises(PortTakenError, match="PostgreSQL cannot listen"):
            server.start()

    with pytest.raises(RuntimeError, match="not started"):
        _ = server.running


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's cluster runs as another user")
def test_state_below_a_closed_directory_works_and_its_mode_stays(state: Path) -> None:
    state.chmod(0o700)

    with EmbeddedPostgres(state / "postgres") as first:
        run(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    with EmbeddedPostgres(state / "postgres") as second:
        assert run(second, "SELECT answer FROM kept") == [(42,)]

    assert state.stat().st_mode & 0o777 == 0o700
    elsewhere = Path((state / "postgres" / "server.place").read_text().strip())
    shutil.rmtree(elsewhere)
    with suppress(OSError):  # as long as it holds a cluster of somebody else
        elsewhere.parent.rmdir()


def test_database_is_cloned_and_dropped_under_open_connections(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("original")
    postgres.create_database("clone", template="original")

    with psycopg.connect(postgres.url_of("clone").replace("+psycopg", "")):
        postgres.drop_database("clone")

    postgres.drop_database("original")
    assert ("clone",) not in run(postgres, "SELECT datname FROM pg_database")


def test_server_and_files_are_gone_when_the_parent_was_killed() -> None:
    script = """
from devstack.postgres import EmbeddedPostgres
server = EmbeddedPostgres()
server.start()
print(server.running.pid)
print(server.running.command.folder)
"""
    with parent_that_runs(script) as (parent, said):
        parent.kill()

        assert eventually(lambda: is_gone(int(said[0])))
        assert eventually(lambda: not Path(said[1]).exists())

"""Ctrl-C while a list comes in: what is kept is said, and the same command does the rest."""

import asyncio
import secrets
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from devstack.demo.stage import Stage
from storage.people import contacts
from tests.acceptance.commanding import MAIL, Desk, desk_in
from tests.acceptance.looking import until

SEQUENCE = """\
sequence: {name}
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
steps:
  - {{email: hello, day: 3}}
"""
# Who runs the tests in the background has SIGINT ignored, and so would the command.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from postroad.app import main; main()"
)
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE :holder = ANY(pg_blocking_pids(pid))")


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"broken-{secrets.token_hex(4)}", monkeypatch)
    (tmp_path / "sequence.yaml").write_text(SEQUENCE.format(name=desk.name))
    (tmp_path / "hello.md").write_text(MAIL)
    assert desk.run("publish", str(tmp_path)).status == 0
    assert desk.bring_in(tmp_path, row(desk, 0)).status == 0
    return desk


def row(desk: Desk, number: int) -> str:
    return f"{desk.name}-{number},Ada,p{number}@{desk.name}.example,vp,UTC,"


def people(desk: Desk, folder: Path) -> Path:
    path = folder / "many.csv"
    rows = (f"{desk.name}-{n},Ada,p{n}@{desk.name}.example\n" for n in range(600))
    path.write_text(f"Record ID,First Name,Email\n{''.join(rows)}")
    return path


def contracts(desk: Desk, folder: Path) -> Path:
    path = folder / "contracts.csv"
    rows = (f"{desk.name}-0,c{n}\n" for n in range(150))
    path.write_text(f"Contact,ID\n{''.join(rows)}")
    return path


@asynccontextmanager
async def in_the_way(engine: Engine, desk: Desk) -> AsyncIterator[Connection]:
    """Keep the first contact locked, so that whoever saves it waits."""
    with engine.begin() as connection:
        first = contacts.find(connection, f"{desk.name}-0")
        assert first is not None
        contacts.lock(connection, first.id)
        yield connection


async def broken_off(engine: Engine, desk: Desk, *words: str) -> tuple[int | None, str, str]:
    """Run a command, and press Ctrl-C while it waits for the first contact."""
    async with in_the_way(engine, desk) as connection:
        ran = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, *words), stdout=PIPE, stderr=PIPE
        )
        await until(lambda: waiting_for(engine, connection, ran), bool)
        ran.send_signal(signal.SIGINT)
    out, err = await ran.communicate()
    return ran.returncode, out.decode(), err.decode()


async def waiting_for(engine: Engine, holder: Connection, ran: Process) -> int:
    assert ran.returncode is None, "It was to wait, and did not."
    backend = holder.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with engine.connect() as observer:
        return int(observer.execute(WAITING, {"holder": backend}).scalar_one())


async def test_who_is_imported_stays_and_the_rest_comes_with_the_same_command(
    stage: Stage, desk: Desk, tmp_path: Path
) -> None:
    words = ("import", "contacts", str(people(desk, tmp_path)))

    status, out, err = await broken_off(stage.engine, desk, *words)
    again = await asyncio.to_thread(desk.run, *words)

    assert (status, out) == (130, "")
    assert err == (
        "postroad: broken off: 500 rows of 600 done, and kept; the same command changes nothing "
        "about these, and does the rest\n"
    )
    assert again.out.startswith("600 rows: 100 new contacts, 500 known ones, ")


async def test_records_that_are_kept_stay_and_the_rest_comes_with_the_same_command(
    stage: Stage, desk: Desk, tmp_path: Path
) -> None:
    words = ("import", "records", str(contracts(desk, tmp_path)))

    status, out, err = await broken_off(stage.engine, desk, *words)
    again = await asyncio.to_thread(desk.run, *words)

    assert (status, out) == (130, "")
    assert "postroad: broken off: 100 rows of 150 done, and kept; the same command finds" in err
    assert again.out == "150 rows: 50 new records, 0 changed, 100 unchanged, 0 refused\n"


async def test_a_list_of_which_nobody_is_enrolled_yet_goes_on_with_the_same_command(
    stage: Stage, desk: Desk, tmp_path: Path
) -> None:
    words = ("enroll", desk.name, "--file", str(people(desk, tmp_path)))

    status, out, err = await broken_off(stage.engine, desk, *words)
    again = await asyncio.to_thread(desk.run, *words)

    assert (status, out) == (130, "")
    assert "postroad: broken off: who was imported so far is kept, and nobody is enrolled" in err
    assert again.out.startswith("600 rows: 600 enrolled, 0 refused, 0 waiting (list ")


@pytest.mark.parametrize("name", ["nobody.csv", "nobody.txt"])
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_an_empty_list_is_said_to_be_empty(
    desk: Desk, tmp_path: Path, name: str, more: tuple[str, ...]
) -> None:
    empty = tmp_path / name
    empty.write_text("")

    ran = desk.run("enroll", desk.name, "--file", str(empty), *more)

    assert (ran.status, ran.out) == (1, "")
    assert ran.err == (
        f"postroad: {empty} cannot be enrolled: it is empty: export it with a header line\n"
    )


def test_one_row_is_one_row(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(f"Record ID,First Name,Email\n{desk.name}-1,Ada,p1@{desk.name}.example\n")

    tried = desk.run("enroll", desk.name, "--file", str(path), "--dry-run")
    ran = desk.run("import", "contacts", str(path))

    assert tried.err.splitlines()[1:] == ["1 row: 1 can be used, 0 refused"]
    assert tried.out.startswith("1 row: 1 would be enrolled, 0 refused, ")
    assert tried.out.endswith("  1 first mail\n")
    assert ran.out.startswith("1 row: 1 new contact, 0 known ones, ")

"""A list enrolled by the command, broken off and killed, on a running stack."""

import asyncio
import csv
import json
import secrets
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from temporalio.exceptions import ApplicationError

from storage.schema.list_tables import list_rows, lists
from storage.schema.tables import enrollments
from tests.acceptance.commanding import MAIL, Desk, desk_in
from tests.acceptance.looking import until
from tests.acceptance.playing import Play

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
steps:
  - {{email: hello, day: 3}}
"""
MANY = 200
# Who runs the tests in the background has SIGINT ignored, and so would the command.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from postroad.app import main; main()"
)


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_in(stack, f"lists-{secrets.token_hex(4)}", monkeypatch)


def published(desk: Desk, folder: Path) -> None:
    (folder / "sequence.yaml").write_text(SEQUENCE.format(name=desk.name))
    (folder / "hello.md").write_text(MAIL)
    assert desk.run("publish", str(folder)).status == 0


def a_list(desk: Desk, folder: Path, *rows: str) -> Path:
    path = folder / f"{desk.name}.csv"
    path.write_text("Record ID,First Name,Email\n" + "".join(f"{row}\n" for row in rows))
    return path


def many(desk: Desk, folder: Path) -> Path:
    rows = (f"{desk.name}-{n},Ada,p{n}@{desk.name}.example" for n in range(MANY))
    return a_list(desk, folder, *rows)


async def enrolling(desk: Desk, path: Path) -> Process:
    """Run the command as a program of its own."""
    words = ("enroll", desk.name, "--file", str(path), "--json")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, *words), stdout=PIPE, stderr=PIPE
    )


async def until_under_way(engine: Engine, desk: Desk) -> str:
    """Wait until rows of the desk's list are just being started, and give the list's id."""
    starting = (
        select(lists.c.id)
        .join(list_rows, list_rows.c.list_id == lists.c.id)
        .where(lists.c.sequence == desk.name, list_rows.c.state == "starting")
        .limit(1)
    )

    async def look() -> str | None:
        with engine.connect() as connection:
            found = connection.scalar(starting)
        return None if found is None else str(found)

    found = await until(look, bool)
    assert found is not None
    return found


def enrolled(engine: Engine, desk: Desk) -> tuple[int, int]:
    """Count the enrollments in the desk's sequence, and the contacts that they are of."""
    who = enrollments.c.contact_id
    found = select(func.count(), func.count(who.distinct())).where(
        enrollments.c.sequence == desk.name
    )
    with engine.connect() as connection:
        every, distinct = connection.execute(found).one()
    return every, distinct


def test_what_cannot_be_used_is_told_beside_the_list_and_the_rest_is_enrolled(
    desk: Desk, tmp_path: Path
) -> None:
    published(desk, tmp_path)
    good = [f"{desk.name}-{n},Ada,p{n}@{desk.name}.example" for n in range(3)]
    bad = ["b-1,No Address,", "b-2,Odd,odd@@us.example", good[0]]
    path = a_list(desk, tmp_path, *good, *bad)

    trial = desk.run("enroll", desk.name, "--file", str(path), "--dry-run")
    after_trial = desk.run("list", desk.name, "--json").value()
    ran = desk.run("enroll", desk.name, "--file", str(path))

    assert (trial.status, ran.status, after_trial) == (1, 1, [])
    assert trial.out.startswith("6 rows: 3 would be enrolled, 3 refused, 0 would wait")
    assert ran.out.startswith("6 rows: 3 enrolled, 3 refused, 0 waiting (list ")
    assert "1 refused (no_address): no email address\n" in ran.err
    with path.with_suffix(".refused.csv").open(newline="", encoding="utf-8-sig") as report:
        told = list(csv.DictReader(report))
    assert [(row["Record ID"], row["refused line"]) for row in told] == [
        ("b-1", "5"),
        ("b-2", "6"),
        (f"{desk.name}-0", "7"),
    ]
    assert all(row["refused because"] for row in told)


def test_the_same_command_again_enrolls_nobody_twice(desk: Desk, tmp_path: Path) -> None:
    published(desk, tmp_path)
    path = a_list(desk, tmp_path, f"{desk.name}-0,Ada,p0@{desk.name}.example")

    first, again = (desk.run("enroll", desk.name, "--file", str(path)) for _ in range(2))

    assert (first.status, again.status) == (0, 0)
    assert "this list was enrolled on" in again.err
    listed = desk.run("list", desk.name, "--json").value()
    assert isinstance(listed, list)
    assert len(listed) == 1


async def test_ctrl_c_ends_the_watching_and_the_same_command_watches_to_the_end(
    play: Play, desk: Desk, tmp_path: Path
) -> None:
    await asyncio.to_thread(published, desk, tmp_path)
    path = many(desk, tmp_path)
    first = await enrolling(desk, path)
    found = await until_under_way(play.stage.engine, desk)

    first.send_signal(signal.SIGINT)
    out, err = await first.communicate()
    again = await enrolling(desk, path)
    outcome, told = await again.communicate()

    assert first.returncode == 130
    assert (out, f"list {found} goes on without this terminal" in err.decode()) == (b"", True)
    assert again.returncode == 0, told
    assert (json.loads(outcome)["list"], json.loads(outcome)["enrolled"]) == (found, MANY)
    assert enrolled(play.stage.engine, desk) == (MANY, MANY)


async def test_another_worker_goes_on_with_a_list_whose_worker_was_killed(
    play: Play, desk: Desk, tmp_path: Path
) -> None:
    await asyncio.to_thread(published, desk, tmp_path)
    command = await enrolling(desk, many(desk, tmp_path))
    found = await until_under_way(play.stage.engine, desk)
    play.kill("worker")
    (under_way,) = (
        await play.stage.client.get_workflow_handle(f"list.{found}").describe()
    ).raw_description.pending_activities

    await play.restart("worker")
    lost = play.stage.client.get_async_activity_handle(
        workflow_id=f"list.{found}", run_id=None, activity_id=under_way.activity_id
    )
    await lost.fail(ApplicationError("its worker is gone"))
    outcome, told = await command.communicate()

    assert command.returncode == 0, told
    assert json.loads(outcome)["enrolled"] == MANY
    assert enrolled(play.stage.engine, desk) == (MANY, MANY)

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devstack.ports import free_port
from devstack.processes import ChildFailedError
from devstack.programs import Programs
from devstack.records import Ports
from devstack.stack import Stack
from devstack.state import StackRunningError, State
from runtime.settings import load_settings
from runtime.stackfile import find_stack_file, read_stack_file
from tests.devstack.parents import parent_that_runs
from tests.devstack.waiting import eventually, is_gone

STANDIN = (sys.executable, str(Path(__file__).parent / "standin.py"))
PROGRAMS = Programs(
    emulator=STANDIN, migrate=(sys.executable, "-c", ""), worker=STANDIN, webhooks=STANDIN
)
NAMES = {"postgres", "temporal", "emulator", "worker", "webhooks"}


def some_ports() -> Ports:
    ports: list[int] = []
    for _ in range(5):
        ports.append(free_port(besides=ports))
    return Ports(
        temporal=ports[0],
        temporal_ui=ports[1],
        postgres=ports[2],
        webhooks=ports[3],
        emulator=ports[4],
    )


def a_stack(
    folder: Path,
    *,
    programs: Programs = PROGRAMS,
    fresh: bool = False,
) -> Stack:
    return Stack(folder, say=print, programs=programs, usual=some_ports(), fresh=fresh)


def environment_of(folder: Path, name: str) -> dict[str, str]:
    lines = (folder / ".postroad" / "logs" / f"{name}.log").read_text().splitlines()
    environment: dict[str, str] = json.loads(lines[-2])
    return environment


def script_of(folder: Path) -> str:
    return f"""
import sys
from pathlib import Path
from devstack.stack import Stack
from tests.devstack.test_stack import PROGRAMS, some_ports
stack = Stack(Path({str(folder)!r}), say=print, programs=PROGRAMS, usual=some_ports())
"""


@pytest.fixture(scope="module")
def stack(shared_state: Path) -> Iterator[Stack]:
    with a_stack(shared_state) as running:
        yield running


def test_everything_runs_and_is_recorded_for_its_owner_only(
    stack: Stack, shared_state: Path
) -> None:
    path = find_stack_file(shared_state)
    assert path is not None

    record = read_stack_file(path)

    assert record == stack.record
    assert record.pids.keys() == NAMES
    assert not any(is_gone(pid) for pid in record.pids.values())
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["emulator", "worker", "webhooks"])
def test_program_is_told_where_everything_is(stack: Stack, shared_state: Path, name: str) -> None:
    record = stack.record

    told = environment_of(shared_state, name)

    assert told["POSTROAD_DATABASE_URL"] == record.database_url
    assert told["POSTROAD_SENDGRID_URL"] == record.sendgrid_url
    assert told["POSTROAD_TOKEN_KEYS"] == record.token_keys[0]
    assert told["TEMPORAL_ADDRESS"] == record.temporal_address


def test_environment_is_understood_by_the_settings(
    stack: Stack, shared_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = stack.record
    for name, value in environment_of(shared_state, "worker").items():
        monkeypatch.setenv(name, value)

    settings = load_settings()

    assert settings.temporal_address == record.temporal_address
    assert settings.webhook_public_keys == record.webhook_public_keys
    assert settings.virtual_time
    assert settings.mailing().public_url == record.public_url


def test_death_of_a_program_is_told_once_and_the_rest_runs_on(stack: Stack) -> None:
    os.kill(stack.record.pids["webhooks"], signal.SIGKILL)
    assert eventually(lambda: is_gone(stack.record.pids["webhooks"]))

    told = stack.fallen()

    assert "The webhooks ended with signal SIGKILL" in told[0]
    assert stack.fallen() == ()
    assert not is_gone(stack.record.pids["worker"])


def test_killed_worker_is_started_again(stack: Stack, shared_state: Path) -> None:
    first = stack.record.pids["worker"]
    os.kill(first, signal.SIGKILL)

    stack.restart("worker")

    recorded = read_stack_file(shared_state / ".postroad" / "stack.json").pids["worker"]
    assert recorded != first
    assert not is_gone(recorded)


def test_keys_and_rows_are_kept(state: Path) -> None:
    with a_stack(state) as first, psycopg.connect(_plain(first)) as connection:
        connection.execute("CREATE TABLE kept ()")

    with a_stack(state) as second, psycopg.connect(_plain(second)) as connection:
        connection.execute("SELECT * FROM kept")
    assert second.record.token_keys == first.record.token_keys
    assert second.record.webhook_public_keys == first.record.webhook_public_keys


def test_second_stack_in_one_folder_is_refused(stack: Stack, shared_state: Path) -> None:
    with pytest.raises(StackRunningError, match=rf"already runs .* `kill {os.getpid()}`"):
        a_stack(shared_state).start()

    assert stack.fallen() == ()
    assert find_stack_file(shared_state) is not None


def test_fresh_start_throws_away_what_was_kept(state: Path) -> None:
    old = State(state)
    old.lock()
    keys = old.keys()
    old.unlock()
    (state / ".postroad" / "temporal").mkdir()
    (state / ".postroad" / "temporal" / "temporal.sqlite").write_text("not a database")

    with a_stack(state, fresh=True) as stack:
        assert stack.record.api_key != keys.api_key


def test_failed_migration_stops_the_start_with_its_last_words(state: Path) -> None:
    broken = (sys.executable, "-c", "raise SystemExit('no such column')")
    stack = a_stack(state, programs=Programs(migrate=broken, emulator=STANDIN))

    with pytest.raises(ChildFailedError, match=r"(?s)The migration .*no such column"), stack:
        pass

    assert find_stack_file(state) is None


def test_program_that_dies_at_its_start_stops_the_start(state: Path) -> None:
    broken = (sys.executable, "-c", "raise SystemExit('no such setting')")
    programs = Programs(migrate=PROGRAMS.migrate, emulator=STANDIN, worker=STANDIN, webhooks=broken)

    with (
        pytest.raises(ChildFailedError, match=r"(?s)The webhooks .*no such setting"),
        a_stack(state, programs=programs),
    ):
        pass


def test_killed_stack_leaves_nothing_and_the_next_one_starts(state: Path) -> None:
    script = script_of(state) + "stack.start()\nprint(*stack.record.pids.values())"
    with parent_that_runs(script) as (parent, said):
        parent.kill()
        parent.wait()

        with a_stack(state) as stack:
            assert stack.fallen() == ()
        assert all(is_gone(int(pid)) for pid in said[-1].split())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_everything_and_nothing_is_left(state: Path, number: signal.Signals) -> None:
    welcome = "lambda record: print(*record.pids.values(), 'end', sep='\\n', flush=True)"
    script = script_of(state) + f"stack.serve({welcome})\nsys.exit(0)"
    with parent_that_runs(script) as (parent, said):
        parent.send_signal(number)

        assert parent.wait() == 0
    assert len(said) == len(NAMES)
    assert all(is_gone(int(pid)) for pid in said)
    assert find_stack_file(state) is None


def _plain(stack: Stack) -> str:
    return stack.record.database_url.replace("+psycopg", "")

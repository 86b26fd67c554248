import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from devstack.processes import Child, ChildFailedError, Command, own_environment
from tests.devstack.parents import parent_that_runs
from tests.devstack.waiting import eventually, is_gone

SOON = timedelta(seconds=20)
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)"
SLEEP = "; time.sleep(600)"


def python(script: str, folder: Path, grace: timedelta = SOON) -> Command:
    return Command(
        name="The child",
        argv=(sys.executable, "-c", script),
        log=folder / "child.log",
        folder=folder,
        grace=grace,
    )


def started(command: Command) -> Child:
    child = Child(command)
    child.start()
    child.wait_until(lambda: "up" in child.output, within=SOON)
    return child


def test_child_gets_its_environment_and_writes_to_its_log(tmp_path: Path) -> None:
    command = Command(
        name="The child",
        argv=(sys.executable, "-c", "import os; print(os.environ['WORD'], 'up')"),
        log=tmp_path / "child.log",
        folder=tmp_path,
        environment=own_environment(WORD="hello"),
    )

    started(command).stop()

    assert (tmp_path / "child.log").read_text() == "hello up\n"


def test_settings_of_the_shell_do_not_reach_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "production")
    monkeypatch.setenv("POSTROAD_DATABASE_URL", "production")

    assert own_environment().keys().isdisjoint({"TEMPORAL_PROFILE", "POSTROAD_DATABASE_URL"})


def test_adapters_and_their_secrets_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTROAD_ADAPTER_SECRETS", "stripe=whsec_x")

    assert own_environment()["POSTROAD_ADAPTER_SECRETS"] == "stripe=whsec_x"


def test_death_at_the_start_is_told_with_the_last_lines(tmp_path: Path) -> None:
    child = Child(python("print('no such table'); raise SystemExit(3)", tmp_path))
    child.start()

    with pytest.raises(ChildFailedError, match=r"(?s)The child ended with exit status 3.*no such"):
        child.wait_until(lambda: False, within=SOON)


def test_death_by_a_signal_is_told_by_its_name(tmp_path: Path) -> None:
    child = started(python(DEAF + SLEEP, tmp_path))
    os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(ChildFailedError, match="The child ended with signal SIGKILL"):
        child.wait_until(lambda: False, within=SOON)


def test_lines_of_an_earlier_run_are_not_taken_for_this_one(tmp_path: Path) -> None:
    started(python("print('up')", tmp_path)).stop()
    child = Child(python("print('down')", tmp_path))
    child.start()

    with pytest.raises(ChildFailedError):
        child.wait_until(lambda: "up" in child.output, within=SOON)


def test_child_that_is_never_ready_is_stopped(tmp_path: Path) -> None:
    child = started(python("import time; print('up', flush=True)" + SLEEP, tmp_path))

    with pytest.raises(ChildFailedError, match=r"The child was not ready within 0\.1 s"):
        child.wait_until(lambda: False, within=timedelta(seconds=0.1))

    assert not child.is_running


def test_child_deaf_to_sigterm_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = started(python(DEAF + SLEEP, tmp_path, grace=timedelta(seconds=0.1)))

    child.stop()

    assert child.exit_status == -signal.SIGKILL


def test_grandchildren_end_with_the_child(tmp_path: Path) -> None:
    script = "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid, 'up')"
    child = started(python(script, tmp_path))

    child.stop()

    assert eventually(lambda: is_gone(int(child.output.split()[0])))


def test_stopped_child_starts_again(tmp_path: Path) -> None:
    child = started(python("import time; print('up', flush=True)" + SLEEP, tmp_path))
    first = child.pid
    child.stop()

    child.start()
    child.wait_until(lambda: "up" in child.output, within=SOON)

    assert child.pid != first
    child.stop()


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_child_and_its_scratch_directory_end_with_the_parent(
    tmp_path: Path, death: signal.Signals
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    script = f"""
from pathlib import Path
from devstack.processes import Child, Command
folder = Path({str(tmp_path)!r})
child = Child(Command(name="x", argv=("/bin/sleep", "600"), log=folder / "log", folder=folder,
                      scratch=folder / "scratch"))
child.start()
print(child.pid)
"""
    with parent_that_runs(script) as (parent, said):
        parent.send_signal(death)

        assert eventually(lambda: is_gone(int(said[0])))
        assert eventually(lambda: not scratch.exists())

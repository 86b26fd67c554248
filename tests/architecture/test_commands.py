"""The containers of ours run what the embedded stack runs, as processes, in every test of it."""

import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from devstack.programs import Programs
from devstack.records import Ports
from tests.architecture.compose import services, words

PROGRAMS: dict[str, tuple[str, ...]] = {
    name: argv for name, argv in asdict(Programs()).items() if isinstance(argv, tuple)
}
PORT_BY_SERVICE = {
    "temporal": Ports().temporal,
    "temporal-ui": Ports().temporal_ui,
    "webhooks": Ports().webhooks,
    "emulator": Ports().emulator,
}


def _plain(argv: tuple[str, ...]) -> list[str]:
    program = Path(argv[0]).name
    return ["python" if program.startswith("python") else program, *argv[1:]]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_container_runs_the_program_that_the_embedded_stack_runs(name: str) -> None:
    ours = _plain(PROGRAMS[name])

    assert words(services()[name], "command")[: len(ours)] == ours


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_program_knows_the_options_that_the_container_gives(name: str) -> None:
    given = words(services()[name], "command")[len(PROGRAMS[name]) :]
    options = [word for word in given if word.startswith("--")]

    asked = subprocess.run(  # noqa: S603  (the arguments are ours, no shell reads them)
        [*PROGRAMS[name], *given, "--help"], capture_output=True, text=True, check=False
    )

    assert asked.returncode == 0, asked.stderr
    assert [option for option in options if option not in asked.stdout] == []


@pytest.mark.parametrize("name", PORT_BY_SERVICE)
def test_a_container_is_found_where_the_embedded_stack_is(name: str) -> None:
    (port,) = words(services()[name], "ports")

    assert port.startswith(f"127.0.0.1:{PORT_BY_SERVICE[name]}:")

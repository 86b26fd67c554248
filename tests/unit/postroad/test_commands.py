"""Which commands there are, what they say of themselves, and how soon."""

import inspect
import json
import subprocess
import sys
from importlib import import_module
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from authoring.schema.whole import sequence_schema
from postroad.app import COMMANDS, build_app, main


@pytest.mark.parametrize("name", COMMANDS)
def test_each_commands_line_is_that_of_its_own_help(name: str) -> None:
    command = COMMANDS[name]

    target = import_module(f"postroad.{command.module}").COMMANDS[name]

    if not isinstance(target, dict):
        first = (inspect.getdoc(target) or "").split("\n\n")[0]
        assert first.replace("\n", " ") == command.line


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str) -> None:
    ran = CliRunner().invoke(build_app(name), [name, "--help"])

    assert ran.exit_code == 0
    assert "Usage" in ran.output


def test_help_lists_every_command() -> None:
    ran = CliRunner().invoke(build_app(), ["--help"])

    assert ran.exit_code == 0
    assert all(f" {name} " in ran.output for name in COMMANDS)


def test_the_schema_of_a_sequence_is_that_of_the_file_an_author_writes() -> None:
    ran = CliRunner().invoke(build_app("schema"), ["schema", "sequence"])

    assert json.loads(ran.stdout) == sequence_schema()


def test_an_interrupt_ends_a_command_without_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(_command: str) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        main(["list"], build=interrupted)

    assert ended.value.code == 130
    assert capsys.readouterr().err == ""


def test_help_loads_no_library_that_only_commands_need() -> None:
    code = (
        "import sys\nfrom postroad.app import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'temporalio', 'sqlalchemy', 'pydantic', 'jinja2'} & sys.modules.keys()))"
    )

    done = subprocess.run(  # noqa: S603 the command under test
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"

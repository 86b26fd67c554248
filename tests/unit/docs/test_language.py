"""The page about the language: its examples load, its timelines are what is printed."""

import ast
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from authoring.language.definitions import SEQUENCE_KEYS
from authoring.language.projects import find_project
from authoring.loading import load_version
from authoring.scenarios.trials import trials_in
from authoring.text.faults import Findings
from postroad.app import build_app
from schemas.version import Version
from tests.unit.docs.examples import example_before, examples, folder_of
from tests.unit.docs.reading import LANGUAGE, ROOT, Fence, fences, prose, read, rows

RULES = range(1, 41)
ROOMS = ("schemas", "workflows", "authoring", "activities", "starter", "storage", "webhooks")
CITED = re.compile(r"(?:\brules?\b) ((?:\d+(?:, | and | to )?)+)")


def told() -> list[Fence]:
    return fences(LANGUAGE, "console")


def cited_in(source: str) -> Iterator[int]:
    for found in CITED.finditer(source):
        yield from map(int, re.findall(r"\d+", found[1]))


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.place)
def test_an_example_loads(example: Fence, tmp_path: Path) -> None:
    loaded = load_version(folder_of(example, tmp_path))

    assert isinstance(loaded, Version), loaded


@pytest.mark.parametrize("printed", told(), ids=lambda one: one.place)
def test_a_timeline_is_what_the_command_prints(printed: Fence, tmp_path: Path) -> None:
    folder = folder_of(example_before(printed), tmp_path)
    said = printed.text.splitlines()

    shown = printed_by((line for line in said if line.startswith("$ ")), folder)

    assert shown == said


@pytest.mark.parametrize(
    "project",
    [one for one in fences(LANGUAGE, "yml") if "scenario:" not in one.text],
    ids=lambda one: one.place,
)
def test_the_projects_file_is_read(project: Fence, tmp_path: Path) -> None:
    (tmp_path / "postroad.yaml").write_text(project.text, encoding="utf-8")
    findings = Findings()

    find_project(tmp_path / "sequence", findings)

    assert findings.faults().faults == ()


def test_the_scenario_comes_true(tmp_path: Path) -> None:
    (scenario,) = [one for one in fences(LANGUAGE, "yml") if "scenario:" in one.text]
    folder = folder_of(examples()[0], tmp_path)
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "one.yaml").write_text(scenario.text, encoding="utf-8")

    (trial,) = trials_in(folder)

    trial.check()


def test_each_rule_that_code_cites_is_on_the_page() -> None:
    files = (file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    cited = {number for file in files for number in cited_in(_docstrings(file))}

    assert cited - set(_told_rules()) == set()


def test_each_rule_is_told_or_said_to_come_later() -> None:
    later = {int(number) for row in rows(LANGUAGE, "| rule | what |") for number in _numbers(row)}

    assert {*_told_rules(), *later} == set(RULES)


def test_each_key_of_a_sequence_is_in_the_table() -> None:
    cells = (row[0] for row in rows(LANGUAGE, "| key | what it says | if left out |"))
    table = {key.strip(" `") for cell in cells for key in cell.split(",")}

    assert table == {key for key, later in SEQUENCE_KEYS.items() if not later}


def test_no_key_that_comes_later_is_told_as_if_it_were_there() -> None:
    later = {key for key, words in SEQUENCE_KEYS.items() if words.endswith("yet")}
    before = prose(LANGUAGE).partition("## What comes later")[0]

    assert {key for key in later if f"`{key}" in before} == set()


def printed_by(commands: Iterable[str], folder: Path) -> list[str]:
    shown = "\n".join(f"{command}\n{_run(command, folder)}" for command in commands)
    return [line.rstrip() for line in shown.splitlines()]


def _run(command: str, folder: Path) -> str:
    words = shlex.split(command.replace("FOLDER", str(folder)))[2:]
    ran = CliRunner().invoke(build_app(words[0]), words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


def _docstrings(file: Path) -> str:
    tree = ast.parse(read(file))
    known = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    return "\n".join(
        ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, known)
    )


def _told_rules() -> list[int]:
    return [
        int(number)
        for number in re.findall(r"^(?:#+ |\*\*)Rule (\d+)\.", read(LANGUAGE), re.MULTILINE)
    ]


def _numbers(row: list[str]) -> list[str]:
    return re.findall(r"\d+", row[0])

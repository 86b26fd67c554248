"""The lock files: every package pinned, hashed, and from no place in particular."""

import re
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOT, dig, project

EVERYTHING = ROOT / "requirements-dev.lock"
RUNNING = ROOT / "requirements.lock"
BUILDING = ROOT / "requirements-build.lock"


@pytest.mark.parametrize("lock", [EVERYTHING, RUNNING, BUILDING], ids=lambda path: path.name)
def test_every_package_is_pinned_and_hashed(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")

    requirements = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert all(re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", line) for line in requirements)
    assert all("--hash=sha256:" in line for line in requirements)


@pytest.mark.parametrize("lock", [EVERYTHING, RUNNING, BUILDING], ids=lambda path: path.name)
def test_no_place_is_named_where_packages_come_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert re.findall(r"://|-index|find-links", text) == []


def test_the_image_gets_the_very_versions_that_were_tested() -> None:
    assert _pins(RUNNING).items() <= _pins(EVERYTHING).items()
    assert _pins(BUILDING).items() <= _pins(EVERYTHING).items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    dependencies = dig(project(), "project", "dependencies")
    extras = dig(project(), "project", "optional-dependencies")
    tools = dig(project(), "dependency-groups", "build")
    assert isinstance(dependencies, list)
    assert isinstance(tools, list)
    assert isinstance(extras, dict)
    wanted = [*dependencies, *tools, *(name for extra in extras.values() for name in extra)]

    assert {_plain(name) for name in dependencies} <= _pins(RUNNING).keys()
    assert {_plain(name) for name in tools} <= _pins(BUILDING).keys()
    assert {_plain(name) for name in wanted} <= _pins(EVERYTHING).keys()


def _pins(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {_plain(name): version for name, version in found}


def _plain(requirement: str) -> str:
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()

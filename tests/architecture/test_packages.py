"""Which packages are ours, and that no namesake stands in for one of them."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOT, dig, files, project, rooms

ROOMS = rooms()
WITHOUT_A_ROOM = {"bench", "tests"}


@pytest.mark.parametrize("name", ROOMS)
def test_package_is_ours_and_not_a_namesake(name: str) -> None:
    location = import_module(name).__file__

    assert location is not None
    assert Path(location).is_relative_to(ROOT)


def test_every_room_is_under_the_import_contracts() -> None:
    inside = (path.relative_to(ROOT).parts for path in files())
    packages = {parts[0] for parts in inside if len(parts) == 2 and parts[1] == "__init__.py"}

    assert sorted(packages - WITHOUT_A_ROOM) == ROOMS


def test_every_room_is_in_the_image() -> None:
    shipped = dig(project(), "tool", "hatch", "build", "targets", "wheel", "packages")

    assert shipped == ROOMS

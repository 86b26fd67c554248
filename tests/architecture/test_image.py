"""What goes into the image."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.architecture.tracked import ROOT, files, rooms


def test_the_wheel_holds_every_file_of_every_room(tmp_path: Path) -> None:
    ours = {str(path.relative_to(ROOT)) for path in files() if _room(path) in rooms()}

    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", tmp_path], cwd=ROOT, check=True, capture_output=True)  # noqa: S603  (the arguments are ours, no shell reads them)

    assert ours <= set(ZipFile(next(tmp_path.iterdir())).namelist())


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def test_the_build_sees_the_rooms_and_the_locks_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}

    locks = {"pyproject.toml", "requirements.lock", "requirements-build.lock"}

    assert "*" in lines
    assert let_in == locks | set(rooms())


def test_the_image_does_not_run_as_root() -> None:
    stage = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("FROM ")[-1]

    users = [line for line in stage.splitlines() if line.startswith("USER ")]

    assert users == ["USER 10001"]

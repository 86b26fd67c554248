"""The repository as its own tests see it: files that git tracks or would track, and their code."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tomllib import loads

ROOT = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    git = shutil.which("git")
    assert git is not None, "git is not installed, and only git knows which files are ours"
    listing = subprocess.run(  # noqa: S603  (the arguments are ours, no shell reads them)
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    named = (ROOT / name for name in listing.split("\0") if name)
    return tuple(path for path in named if path.is_file())


def modules(*packages: str) -> list[Path]:
    python = [path for path in files() if path.suffix == ".py"]
    if not packages:
        return python
    return [path for path in python if path.relative_to(ROOT).parts[0] in packages]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, Function))


def place(path: Path, line: int | None = None) -> str:
    name = str(path.relative_to(ROOT))
    return name if line is None else f"{name}:{line}"


@cache
def project() -> dict[str, object]:
    return loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def dig(value: object, *keys: str) -> object:
    """Follow keys into nested tables; a missing one raises KeyError with its name."""
    for key in keys:
        assert isinstance(value, dict)
        value = value[key]
    return value


def rooms() -> list[str]:
    """List the top-level packages that the import contracts know."""
    names = dig(project(), "tool", "importlinter", "root_packages")
    assert isinstance(names, list)
    return names

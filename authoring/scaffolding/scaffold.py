"""A new sequence's folder, made from the starter of its purpose."""

import re
from pathlib import Path

from schemas.values import Value

_STARTERS = Path(__file__).with_name("starters")
_PLACEHOLDER = "name-of-sequence"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

PURPOSES = tuple(sorted(folder.name for folder in _STARTERS.iterdir() if folder.is_dir()))
"""What there is a starter for."""


class Scaffolded(Value):
    """The folder that was made, and its files in it."""

    folder: Path
    files: tuple[str, ...]


class NotScaffolded(Value):
    """Why nothing was made."""

    reason: str


def scaffold(name: str, purpose: str, into: Path) -> Scaffolded | NotScaffolded:
    """Make the folder of a new sequence within another; what is there is never written over.

    Raises OSError if it cannot be written.
    """
    if purpose not in PURPOSES:
        return NotScaffolded(reason=f"there is no purpose {purpose}: {', '.join(PURPOSES)}")
    if not _NAME.fullmatch(name):
        return NotScaffolded(
            reason=f"{name} is no name for a sequence: write lower-case letters, digits, hyphens"
        )
    folder = into / name
    if folder.exists():
        return NotScaffolded(reason=f"{folder} is there already: choose another name")
    return Scaffolded(folder=folder, files=tuple(_copied(_STARTERS / purpose, folder, name)))


def _copied(starter: Path, folder: Path, name: str) -> list[str]:
    sources = sorted(path for path in starter.rglob("*") if path.is_file())
    for source in sources:
        target = folder / source.relative_to(starter)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8").replace(_PLACEHOLDER, name)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    return [str(source.relative_to(starter)) for source in sources]

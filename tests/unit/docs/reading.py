"""The documentation as tests read it: files, fences, tables, links."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
LANGUAGE = ROOT / "docs" / "sequence-language.md"
INTEGRATING = ROOT / "docs" / "integrating.md"
OPERATIONS = ROOT / "docs" / "operations.md"

_FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Fence(NamedTuple):
    """A block of code: where its first line stands, in which language, and what it says."""

    file: Path
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.file.name}:{self.line}"


def pages() -> list[Path]:
    return [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def fences(file: Path, *languages: str) -> list[Fence]:
    source = read(file)
    return [
        Fence(file, source.count("\n", 0, found.start()) + 2, found[1], found[2])
        for found in _FENCE.finditer(source)
        if not languages or found[1] in languages
    ]


def prose(file: Path) -> str:
    return _FENCE.sub("", read(file))


def links(file: Path) -> list[str]:
    return _LINK.findall(_CODE.sub("", prose(file)))


def anchors(file: Path) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    plain = (re.sub(r"[`*]", "", heading).lower() for heading in _HEADING.findall(prose(file)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def rows(file: Path, header: str) -> list[list[str]]:
    """Give the cells of the table whose header line is `header`."""
    lines = read(file).splitlines()
    rows: list[list[str]] = []
    for line in lines[lines.index(header) + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows

"""What no file of the repository may say: where it was written, and where packages come from."""

import re
from pathlib import Path

import pytest

from tests.architecture.tracked import files, place

# Spelt so that this file does not say them itself.
FORBIDDEN = {
    "a folder of one machine": r"(?<![\w.~/])/(work|farm|root|home|Users)/[\w.]",
    "a package index": r"--(extra-)?index[-]url|/simple/?[\"'\s]|(?<!emit-)find[-]links\s*=",
    "a package registry's host": r"(pypi|npmjs|crates|pythonhosted)[.](org|com|io)",
}


def _lines_with(pattern: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        place(path, number)
        for path in files()
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if wanted.search(line)
    ]


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_no_file_names(pattern: str) -> None:
    assert _lines_with(pattern) == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")

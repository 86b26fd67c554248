"""Each threat on the page has a test, and that test is there."""

import re

import pytest

from tests.unit.docs.reading import ROOT, read

PAGE = ROOT / "docs" / "threats.md"
ROWS = [
    row
    for row in read(PAGE).partition("## What is tried")[2].partition("\n## ")[0].splitlines()
    if row.startswith("| ") and not row.startswith("| what is tried")
]
HOSTILE = sorted(path.name for path in (ROOT / "tests" / "hostile").glob("test_*.py"))


@pytest.mark.parametrize("row", ROWS)
def test_a_threat_names_tests_that_exist(row: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", row.split("|")[3])

    assert named
    assert [name for name in named if "def test_" not in read(ROOT / name)] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_an_attack_that_is_tested_stands_on_the_page(name: str) -> None:
    assert f"`tests/hostile/{name}`" in read(PAGE)

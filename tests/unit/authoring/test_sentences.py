"""What the loader says of each mistake: the files of text have the lines, then `!` and it."""

from pathlib import Path
from typing import NamedTuple

import pytest

from authoring.text.faults import Faults
from tests.unit.authoring.whole import PROJECT
from tests.unit.authoring.written import HEAD, Folder

HERE = Path(__file__).parent


class Told(NamedTuple):
    """Lines of a sequence, and what is said of them."""

    written: str
    said: list[str]


def told(name: str) -> list[Told]:
    blocks = (HERE / name).read_text(encoding="utf-8").strip("\n").split("\n\n")
    return [
        Told(
            "\n".join(line for line in block.splitlines() if not line.startswith("! ")),
            [line[2:] for line in block.splitlines() if line.startswith("! ")],
        )
        for block in blocks
    ]


def said_of(folder: Folder, written: str) -> list[str]:
    rest = "" if "steps:" in written else "steps: [{email: intro}]\n"
    signed = written.startswith("from:")
    head = "".join(
        line for line in HEAD.splitlines(keepends=True) if not (signed and "from" in line)
    )
    found = folder.load(f"{written}\n{rest}", head)
    faults = found.faults if isinstance(found, Faults) else ()
    return [str(one).partition("sequence.yaml:")[2] for one in faults]


@pytest.mark.parametrize("one", told("sentences.txt"), ids=lambda one: one.written[:60])
def test_each_mistake_is_told_in_a_sentence(folder: Folder, one: Told) -> None:
    assert said_of(folder, one.written) == one.said


@pytest.mark.parametrize("one", told("sentences_of_projects.txt"), ids=lambda one: one.written[:60])
def test_names_that_the_project_does_not_know_are_told(folder: Folder, one: Told) -> None:
    (folder.path.parent.parent / "postroad.yaml").write_text(PROJECT, encoding="utf-8")

    assert said_of(folder, one.written) == one.said

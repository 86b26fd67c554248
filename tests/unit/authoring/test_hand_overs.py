from pathlib import Path

import pytest

from authoring.language.hand_overs import check_hand_overs
from tests.unit.authoring.written import Folder

BODY = """\
on: [{click: intro, do: [{hand_off: priority}]}]
steps:
  - {email: intro}
  - hand_off: "priority"
  - {hand_off: priority-2}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "welcome")


def said(folder: Folder, *known: str) -> list[str]:
    faults = check_hand_overs(folder.path, folder.sequence(BODY), known)
    assert faults is not None
    return [str(one).removeprefix(f"{folder.path}/") for one in faults.faults]


def test_hand_offs_to_known_sequences_are_sound(folder: Folder) -> None:
    known = ("priority", "priority-2")

    assert check_hand_overs(folder.path, folder.sequence(BODY), known) is None


def test_a_hand_off_to_nowhere_is_named_wherever_it_is_written(folder: Folder) -> None:
    problem = "no sequence `priority` is published, nor named in this command"

    assert said(folder, "priority-2") == [
        f"sequence.yaml:4:37: {problem}; did you mean `priority-2`?",
        f"sequence.yaml:7:16: {problem}; did you mean `priority-2`?",
    ]


def test_where_nothing_is_known_the_other_sequence_is_asked_for(folder: Folder) -> None:
    assert [line.rpartition("; ")[2] for line in said(folder)] == ["publish both together"] * 3

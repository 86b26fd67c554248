"""The sequences that come with Postroad."""

from pathlib import Path

from authoring.lint.folders import lint_folders

SEQUENCES = Path(__file__).parents[3] / "sequences"


def test_nothing_is_said_of_the_shipped_sequences() -> None:
    assert [
        f"{one.at.file}:{one.at.line}: {one.sentence}" for one in lint_folders([SEQUENCES])
    ] == []

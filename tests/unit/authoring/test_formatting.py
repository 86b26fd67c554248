"""Files laid out anew: comments and meaning stay."""

import random
from pathlib import Path
from shutil import copytree
from textwrap import dedent

import pytest

from authoring.loading import load_version
from authoring.text.comments import comments
from authoring.text.faults import Findings
from authoring.text.formatting import WIDTH, formatted
from schemas.version import Version
from tests.unit.authoring.test_strictness import mutated
from tests.unit.authoring.whole import PROJECT, SEQUENCE, whole_folder
from tests.unit.docs.examples import examples, text_of
from tests.unit.docs.reading import ROOT, Fence

SHIPPED = sorted((ROOT / "sequences").glob("*/sequence.yaml"))


def laid_out(source: str) -> str:
    findings = Findings()
    text = formatted(dedent(source), "sequence.yaml", findings)
    assert text is not None, findings.faults()
    return text


def hash_of(folder: Path) -> str:
    version = load_version(folder)
    assert isinstance(version, Version), str(version)
    return version.hash


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("sequence:   a\n\n\nsteps: []", "sequence: a\n\n\nsteps: []\n"),
        ("steps:\n- email: a\n  day: 1\n", "steps:\n  - {email: a, day: 1}\n"),
        ("topic: 'news'\n", "topic: news\n"),
        ("topic: 'yes'\n", 'topic: "yes"\n'),
        ("topic: 'It''s'\n", 'topic: "It\'s"\n'),
        ('at: "09:30"\nto: 17:00\n', 'at: "09:30"\nto: 17:00\n'),
        ("a: {b: 1,   c: [ x,y ]}\n", "a: {b: 1, c: [x, y]}\n"),
        ("do: [{exit: a}]\n", "do: [{exit: a}]\n"),
        ("# top\na: 1   # one\n  # two\nb: 2\n", "# top\na: 1  # one\n# two\nb: 2\n"),
        ("steps:\n- email: a # first\n", "steps:\n  - email: a  # first\n"),
        ("a: |\n  # no comment\n   x\n", "a: |\n  # no comment\n   x\n"),
        ("a: 1   \r\n", "a: 1\n"),
    ],
)
def test_there_is_one_way_to_write_a_thing(source: str, text: str) -> None:
    assert laid_out(source) == text


def test_what_is_too_long_for_a_line_stands_below_one_another() -> None:
    steps = ", ".join(f"{{email: a-long-name-for-a-mail-{number}}}" for number in range(5))

    text = laid_out(f"steps: [{steps}]\n")

    assert text.splitlines()[:2] == ["steps:", "  - {email: a-long-name-for-a-mail-0}"]
    assert max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize(
    "written",
    [
        "events: [reply@+1d, {click:video@+3d: {url: /a}}, {ticket_opened@-2d: {id: 7, of: [a]}}]",
        "events:\n- reply@+1d\n- click:video@+3d: {url: /a}\n- ticket_opened@-2d: {id: 7, of: [a]}",
    ],
)
def test_the_fields_of_what_happens_in_a_scenario_stand_below_it(written: str) -> None:
    assert laid_out(written) == (
        "events:\n"
        "  - reply@+1d\n"
        "  - click:video@+3d:\n"
        "      url: /a\n"
        "  - ticket_opened@-2d:\n"
        "      id: 7\n"
        "      of: [a]\n"
    )


def test_the_order_of_keys_and_the_comments_stay() -> None:
    source = """
        # a
        steps:   # b
        # c
        - email: intro   # d
          # e
          day: 1
        sequence: x   # f
        # g
    """

    text = laid_out(source)

    assert comments(text) == ["# a", "# b", "# c", "# d", "# e", "# f", "# g"]
    assert text.index("steps") < text.index("sequence")


@pytest.mark.parametrize("source", [SEQUENCE, PROJECT])
def test_what_uses_every_key_is_laid_out_once_and_for_all(source: str) -> None:
    assert laid_out(laid_out(source)) == laid_out(source)


def test_no_hash_changes(tmp_path: Path) -> None:
    before = hash_of(whole_folder(tmp_path).path)

    assert hash_of(whole_folder(tmp_path, laid_out(SEQUENCE), laid_out(PROJECT)).path) == before


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_no_hash_of_a_shipped_sequence_changes(tmp_path: Path, file: Path) -> None:
    copytree(file.parent.parent, tmp_path / "sequences")
    folder = tmp_path / "sequences" / file.parent.name
    text = laid_out(file.read_text(encoding="utf-8"))
    (folder / file.name).write_text(text, encoding="utf-8")

    assert hash_of(folder) == hash_of(file.parent)
    assert laid_out(text) == text


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.place)
def test_an_example_of_the_language_is_laid_out_once_and_for_all(example: Fence) -> None:
    text = laid_out(text_of(example))

    assert laid_out(text) == text
    assert comments(text) == comments(text_of(example))


@pytest.mark.parametrize("seed", range(60))
def test_whatever_can_be_read_is_laid_out_once_and_for_all(seed: int) -> None:
    source = mutated(SEQUENCE, random.Random(seed))  # noqa: S311  # no secret
    text = formatted(source, "sequence.yaml", Findings())

    assert text is None or formatted(text, "sequence.yaml", Findings()) == text


def test_a_broken_file_is_told_as_the_loader_tells_it() -> None:
    findings = Findings()

    assert formatted("steps: [", "sequence.yaml", findings) is None
    assert str(findings.faults()).startswith("sequence.yaml:1:9: this is not YAML")

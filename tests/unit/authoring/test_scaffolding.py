"""What `postroad new` makes is clean as it is, and leaves alone what is there."""

from pathlib import Path

import pytest

from authoring.language.definitions import PURPOSES as SPOKEN
from authoring.lint.folders import lint_folders
from authoring.loading import load_version
from authoring.scaffolding.scaffold import PURPOSES, NotScaffolded, Scaffolded, scaffold
from authoring.scenarios.trials import trials_in
from schemas.version import Version


def made(folder: Path, purpose: str) -> Path:
    answer = scaffold("my-own", purpose, folder)
    assert isinstance(answer, Scaffolded)
    return answer.folder


def test_there_is_a_starter_for_each_purpose() -> None:
    assert sorted(SPOKEN) == sorted(PURPOSES)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_nothing_is_said_of_a_new_sequence(tmp_path: Path, purpose: str) -> None:
    assert [one.sentence for one in lint_folders([made(tmp_path, purpose)])] == []


@pytest.mark.parametrize("purpose", PURPOSES)
def test_its_scenarios_pass(tmp_path: Path, purpose: str) -> None:
    trials = trials_in(made(tmp_path, purpose))

    assert len(trials) == 3
    for trial in trials:
        trial.check()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_it_has_four_to_six_mails_and_ends_with_a_reply(tmp_path: Path, purpose: str) -> None:
    version = load_version(made(tmp_path, purpose))

    assert isinstance(version, Version)
    assert (version.sequence.name, version.sequence.purpose) == ("my-own", purpose)
    assert 4 <= len(version.sequence.emails) <= 6
    assert any(rule.on and rule.on.kind == "reply" for rule in version.sequence.exit_on)


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "my-own").mkdir()

    assert isinstance(scaffold("my-own", "other", tmp_path), NotScaffolded)
    assert list((tmp_path / "my-own").iterdir()) == []


@pytest.mark.parametrize("name", ["My Own", "../else", "", "a/b", "-x"])
def test_a_name_that_is_none_makes_nothing(tmp_path: Path, name: str) -> None:
    assert isinstance(scaffold(name, "other", tmp_path), NotScaffolded)
    assert list(tmp_path.iterdir()) == []

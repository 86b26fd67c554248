"""Caps of a project file come into force by publishing (language rule 29)."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from authoring.text.faults import Faults
from postroad.app import build_app
from schemas.policies import Caps
from starter.authored.capping import NewCaps, StandingCaps, standing_caps
from starter.authored.publishing import Proposed, Published, propose, publish
from tests.storage.given import MONDAY, TUESDAY
from tests.unit.authoring.written import HEAD, Folder

STEPS = "steps: [{email: intro}]\n"
THREE = Caps(per_week=3)


def a_folder(root: Path, project: str | None, name: str = "welcome") -> Folder:
    folder = Folder(root / name)
    folder.write("sequence.yaml", f"{HEAD.replace('welcome', name)}{STEPS}")
    if project is not None:
        (root / "postroad.yaml").write_text(project, encoding="utf-8")
    return folder


def published(engine: Engine, *folders: Folder) -> NewCaps | None:
    answers = publish(engine, tuple(one.path for one in folders), by="sam", at=MONDAY)
    assert all(isinstance(one, Published) for one in answers), answers
    return answers[0].caps if isinstance(answers[0], Published) else None


def standing(engine: Engine) -> Caps | None:
    latest = standing_caps(engine).latest
    return latest.caps if latest else None


def test_publishing_puts_the_projects_caps_in_force(engine: Engine, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, "caps: {per_week: 3}\n")

    changed = published(engine, folder)

    assert changed == NewCaps(before=None, after=THREE, waiting=0)
    assert standing(engine) == THREE


def test_the_same_caps_again_change_nothing(engine: Engine, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, "caps: {per_week: 3}\n")
    published(engine, folder)

    assert published(engine, folder) is None


def test_the_caps_published_last_count(engine: Engine, tmp_path: Path) -> None:
    published(engine, a_folder(tmp_path, "caps: {per_week: 3}\n"))

    changed = published(engine, a_folder(tmp_path, "caps: {per_day: 1, defer_up_to: 2 days}\n"))

    assert changed is not None
    assert changed.before == THREE
    assert standing(engine) == changed.after


def test_a_project_file_without_caps_takes_them_away(engine: Engine, tmp_path: Path) -> None:
    published(engine, a_folder(tmp_path, "caps: {per_week: 3}\n"))

    changed = published(engine, a_folder(tmp_path, "timezone: UTC\n"))

    assert changed == NewCaps(before=THREE, after=None, waiting=0)
    assert standing(engine) is None


def test_without_a_project_file_the_caps_stay(engine: Engine, tmp_path: Path) -> None:
    published(engine, a_folder(tmp_path / "one", "caps: {per_week: 3}\n"))

    changed = published(engine, a_folder(tmp_path / "two", None, "other"))

    assert changed is None
    assert standing(engine) == THREE


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path, "caps: {per_week: 3}\n")

    (answer,) = propose(engine, (folder.path,), at=MONDAY)

    assert isinstance(answer, Proposed)
    assert answer.caps == NewCaps(before=None, after=THREE, waiting=0)
    assert standing_caps(engine) == StandingCaps(latest=None, waiting=0)


def test_two_project_files_with_different_caps_are_refused(engine: Engine, tmp_path: Path) -> None:
    one = a_folder(tmp_path / "one", "caps: {per_week: 3}\n")
    two = a_folder(tmp_path / "two", "caps: {per_week: 4}\n", "other")

    (faults,) = publish(engine, (one.path, two.path), by="sam", at=TUESDAY)

    assert isinstance(faults, Faults)
    (fault,) = faults.faults
    assert fault.at.file == str(tmp_path / "two" / "postroad.yaml")
    assert fault.mend == "make them the same"
    assert standing(engine) is None


@pytest.fixture
def _settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTROAD_DATABASE_URL", database_url)


def _run(*words: str) -> list[str]:
    ran = CliRunner().invoke(build_app(words[0]), words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.usefixtures("_settings", "engine")
def test_the_commands_say_which_caps_there_are_and_what_changes(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, "caps: {per_day: 1, per_week: 3}\n")
    none = _run("caps")
    would = _run("publish", "--dry-run", str(folder.path))
    does = _run("publish", str(folder.path))
    some = _run("caps")

    most = "at most 1 a day and 3 a week, put off up to 7 days"
    assert none == ["no caps", "0 mails wait for room"]
    assert would[0] == f"would change the caps of all sequences: {most}, instead of no caps"
    assert does[0] == f"caps of all sequences: {most}, instead of no caps"
    assert (some[0], some[2]) == (most, "0 mails wait for room")
    assert '"per_day": 1' in "".join(_run("caps", "--json"))

"""Breakers of a project file come into force by publishing."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from authoring.text.faults import Faults
from schemas.breakers import Breaker, Breakers
from starter.authored.publishing import Published, propose, publish
from starter.authored.sending_rules import NewRules
from storage.sending import rules
from tests.storage.given import MONDAY
from tests.storage.test_publishing_caps import a_folder
from tests.unit.authoring.written import Folder

STRICT = "breakers: {bounces: 3%, notify: ops@acme.example}\n"
USUAL = "5 % bounces, 0.1 % complaints, of at least 50 mails within 7 days, tried after 1 hour"


def published(engine: Engine, folder: Folder) -> tuple[NewRules, ...]:
    (answer,) = publish(engine, (folder.path,), by="sam", at=MONDAY)
    assert isinstance(answer, Published), answer
    return answer.rules


def in_force(engine: Engine) -> Breakers:
    with engine.connect() as connection:
        return rules.breakers(connection)


def test_where_nobody_says_anything_the_usual_breakers_are_in_force(
    engine: Engine, tmp_path: Path
) -> None:
    assert published(engine, a_folder(tmp_path, "timezone: UTC\n")) == ()
    assert in_force(engine) == Breakers()


def test_publishing_puts_the_projects_breakers_in_force_and_says_so(
    engine: Engine, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path, STRICT)
    (proposed,) = propose(engine, (folder.path,), at=MONDAY)
    assert in_force(engine) == Breakers()

    (changed,) = published(engine, folder)

    assert not isinstance(proposed, Faults)
    assert proposed.rules == (changed,)
    assert changed.before == USUAL
    assert changed.after == f"{USUAL.replace('5 %', '3 %', 1)}; tells ops@acme.example"
    assert in_force(engine) == Breakers(usual=Breaker(bounces=300), notify="ops@acme.example")
    assert published(engine, folder) == ()


@pytest.mark.parametrize(("project", "left"), [("timezone: UTC\n", 500), (None, 300)])
def test_a_project_file_without_a_word_brings_the_usual_ones_back_and_none_leaves_them(
    engine: Engine, tmp_path: Path, project: str | None, left: int
) -> None:
    published(engine, a_folder(tmp_path / "one", STRICT))

    published(engine, a_folder(tmp_path / "two", project, "other"))

    usual = in_force(engine).usual
    assert usual is not None
    assert usual.bounces == left


def test_two_project_files_with_different_breakers_are_refused(
    engine: Engine, tmp_path: Path
) -> None:
    one = a_folder(tmp_path / "one", "breakers: off\n")
    two = a_folder(tmp_path / "two", STRICT, "other")

    (faults,) = publish(engine, (one.path, two.path), by="sam", at=MONDAY)

    assert isinstance(faults, Faults)
    (fault,) = faults.faults
    assert "its `breakers` are not those of" in fault.problem
    assert fault.mend == "make them the same"

"""What a version holds comes out of the project's own folders, whatever its files name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.scaffolding.scaffold import NotScaffolded, scaffold
from authoring.sources import Sources
from schemas.version import Version
from tests.unit.authoring.written import MAIL, Folder

STEPS = "steps: [{email: intro}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "project").mkdir()
    (tmp_path / "secret.md").write_text("planted")
    return Folder(tmp_path / "project" / "welcome", mails=("intro",))


AWAY = ("../secret.md", "../../secret.md", "..\\secret.md", "a/../../../secret.md", "secret.md\0")


@pytest.mark.parametrize("name", [*AWAY, "link.md", "linked/secret.md"])
def test_nothing_outside_the_project_is_attached_or_included(folder: Folder, name: str) -> None:
    outside = folder.path.parent.parent
    (folder.path / "link.md").symlink_to(outside / "secret.md")
    (folder.path / "linked").symlink_to(outside)

    assert Sources(folder.path, folder.path.parent).place(name) is None
    assert Sources(folder.path).place(str(outside / "secret.md")) is None


def test_a_mail_that_links_outside_is_no_mail(folder: Folder) -> None:
    (folder.path / "intro.md").unlink()
    (folder.path / "intro.md").symlink_to(folder.path.parent.parent / "secret.md")

    found = folder.load(STEPS)

    assert not isinstance(found, Version)
    assert "planted" not in str(found)


def test_a_link_that_stays_within_the_project_is_a_file(folder: Folder) -> None:
    (folder.path.parent / "postroad.yaml").write_text("timezone: UTC\n")
    shared = folder.path.parent / "shared"
    shared.mkdir()
    (shared / "hello.md").write_text(MAIL)
    (folder.path / "intro.md").unlink()
    (folder.path / "intro.md").symlink_to(shared / "hello.md")

    found = folder.load(STEPS)

    assert isinstance(found, Version), str(found)
    assert found.content.files == {"intro.md": MAIL}


@given(st.text(alphabet="./\\a\0~$", max_size=12))
def test_no_name_leads_outside(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "within"
    folder.mkdir(exist_ok=True)

    found = Sources(folder).place(name)

    assert found is None or found.resolve().is_relative_to(folder.resolve())


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/b", "", ".", "..", "a\n", "a\0"])
def test_no_sequence_is_made_outside_its_folder(tmp_path: Path, name: str) -> None:
    into = tmp_path / "sequences"
    into.mkdir()

    assert isinstance(scaffold(name, "other", into), NotScaffolded)
    assert [*tmp_path.iterdir()] == [into]

from pathlib import Path

from authoring.loading import load_version
from authoring.text.faults import Faults
from schemas.content import Mailbox
from schemas.version import Version
from tests.unit.authoring.written import HEAD, MAIL, Folder

STEPS = "steps: [{email: intro}]\n"


def loaded(folder: Folder, body: str = STEPS, head: str = HEAD) -> Version:
    version = folder.load(body, head)
    assert isinstance(version, Version), str(version)
    return version


def test_a_folder_becomes_a_version(folder: Folder) -> None:
    version = loaded(folder)

    assert version.sequence.name == "welcome"
    assert version.content.files == {"intro.md": MAIL}
    assert version.content.sender == Mailbox(name="Ops Team", email="team@acme.example")
    assert version.content.postal_address.startswith("Acme Inc.")
    assert version.content.reply_to == "inbound"


def test_the_same_files_give_the_same_hash(folder: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "elsewhere" / "welcome")

    assert loaded(folder).hash == loaded(folder).hash == loaded(other).hash
    assert len(loaded(folder).hash) == 64


def test_comments_and_layout_of_the_file_change_no_hash(folder: Folder) -> None:
    written = "# hello\nsteps:\n  - email: intro   # first\n"

    assert loaded(folder, written).hash == loaded(folder).hash


def test_another_definition_has_another_hash(folder: Folder) -> None:
    assert loaded(folder, "steps: [{email: intro, day: 2}]\n").hash != loaded(folder).hash


def test_another_mail_has_another_hash(folder: Folder) -> None:
    before = loaded(folder).hash
    folder.write("intro.md", f"{MAIL}!")

    assert loaded(folder).hash != before


def test_a_draft_that_no_step_sends_changes_nothing(folder: Folder) -> None:
    before = loaded(folder)
    folder.write("draft.md", "not even a {{ mail")

    assert loaded(folder) == before


def test_the_sender_may_be_the_contacts_owner(folder: Folder) -> None:
    head = "sequence: welcome\nfrom: owner\nfrom_fallback: team@acme.example\npostal_address: A\n"

    content = loaded(folder, f"reply_to: sender\n{STEPS}", head).content

    assert content.sender == "owner"
    assert content.sender_fallback == Mailbox(email="team@acme.example")
    assert content.reply_to == "sender"


def test_a_project_file_gives_what_the_sequence_leaves_out(folder: Folder) -> None:
    project = folder.path.parent.parent / "postroad.yaml"
    project.write_text("postal_address: Main Street 1\nfrom: {email: ops@acme.example}\n")

    content = loaded(folder, head="sequence: welcome\n").content

    assert content.postal_address == "Main Street 1"
    assert content.sender == Mailbox(email="ops@acme.example")


def test_the_sequence_has_the_last_word_over_the_project(folder: Folder) -> None:
    project = folder.path.parent / "postroad.yaml"
    project.write_text("postal_address: Main Street 1\n")

    assert loaded(folder).content.postal_address.startswith("Acme Inc.")


def test_a_fault_of_the_project_file_is_told_with_its_place(folder: Folder) -> None:
    project = folder.path.parent.parent / "postroad.yaml"
    project.write_text("postal_adress: Main Street 1\n")

    (fault,) = folder.faults(STEPS)

    assert str(fault) == (
        f"{project}:1:1: `postal_adress` is not a key that is known here; "
        "did you mean `postal_address`?"
    )


def test_a_folder_without_a_sequence_is_named(tmp_path: Path) -> None:
    assert str(load_version(tmp_path)) == (
        f"{tmp_path}:1:1: there is no file sequence.yaml in this folder; "
        "name the folder of one sequence"
    )


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert str(load_version(tmp_path / "nowhere")) == (
        f"{tmp_path}/nowhere:1:1: the folder cannot be read: No such file or directory; "
        "name the folder of one sequence"
    )


def test_a_file_that_is_too_large_is_not_read(folder: Folder) -> None:
    said = folder.said(f"steps: []\n# {'x' * 1_000_000}\n")

    assert said == ["sequence.yaml:1:1: the file is larger than 1 MB; make it smaller"]


def test_a_file_that_is_not_utf_8_is_not_guessed_at(folder: Folder) -> None:
    (folder.path / "intro.md").write_bytes(b"caf\xe9")

    said = folder.said(STEPS)

    assert "intro.md:1:1: byte 4 is not UTF-8 text; save the file as UTF-8" in said


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(folder: Folder) -> None:
    before = loaded(folder).hash
    (folder.path / "intro.md").write_bytes(b"\xef\xbb\xbf" + MAIL.replace("\n", "\r\n").encode())

    assert loaded(folder).hash == before


def test_a_sequence_whose_file_is_broken_is_refused_with_faults(folder: Folder) -> None:
    assert isinstance(folder.load("steps: [", head=""), Faults)

import pytest

from authoring.mails import arm_email
from tests.unit.authoring.written import MAIL, Folder, loaded


def test_the_mails_of_all_arms_are_read_and_checked(folder: Folder) -> None:
    folder.write("intro.b.md", "---\nsubject: Hi\n---\n{{ kontact }}\n")
    folder.write("intro.b.de.md", MAIL)

    (said,) = folder.said("steps: [{email: intro, variants: {a: 50, b: 50}}]\n")

    assert said.startswith("intro.b.md:4:4: kontact does not exist")


@pytest.mark.parametrize(
    ("given", "email"), [("short", "short"), (None, "intro.b")], ids=["given", "beside"]
)
def test_an_arm_sends_the_mail_given_else_the_one_beside(given: str | None, email: str) -> None:
    assert arm_email("intro", "b", given, frozenset({"intro", "intro.b"})) == email


def test_an_arm_without_a_mail_of_its_own_sends_the_steps() -> None:
    assert arm_email("intro", "b", None, frozenset({"intro"})) == "intro"


def test_an_arm_may_be_called_by_three_letters(folder: Folder) -> None:
    folder.write("intro.new.md", "Hi\n")

    version = loaded(
        folder, "steps: [{email: intro, variants: {a: 1, new: {weight: 1, subject: Hey}}}]\n"
    )

    assert sorted(version.content.files) == ["intro.md", "intro.new.md"]


def test_an_arm_whose_mail_reads_as_a_language_is_told(folder: Folder) -> None:
    folder.write("intro.de.md", MAIL)

    (said,) = folder.said("steps: [{email: intro, variants: {a: 1, de: 1}}]\n")

    assert "`intro.de` would be both the variant `de` and the language `de`" in said

import pytest

from schemas.version import Version
from tests.unit.authoring.written import MAIL, Folder

STEPS = "steps: [{email: intro}]\n"


@pytest.mark.parametrize(
    ("mail", "sentence"),
    [
        (
            "---\nsubject: Hi\n---\n\nHi {{ contct.first_name }}\n",
            "intro.md:5:7: contct does not exist; did you mean contact?",
        ),
        (
            '---\nsubject: "Hi {{ kontact.first_name }}"\n---\nHi\n',
            "intro.md:2:17: kontact does not exist; did you mean contact?",
        ),
        (
            "---\nsubject: Hi\npreheadr: x\n---\nHi\n",
            "intro.md:3:1: preheadr is not known in front matter",
        ),
        ("---\nsubject: Hi\n---\n{% if key %}\n", "intro.md:4:"),
        ("---\nsubject: Hi\n---\n{{ key | shout }}\n", "intro.md:4:"),
        ("---\nsubject: [\n---\nHi\n", "intro.md:"),
        (
            "Hi\n",
            (
                "intro.md:1:1: the mail has no subject, and step `intro` gives it none; "
                "write `subject: …` between two lines `---` at its top"
            ),
        ),
        (
            '---\nsubject: Hi\n---\n{% include "signature.html" %}\n',
            (
                "intro.md:4:1: `signature.html` is not in the sequence's folder; "
                "include a file that lies beside this one"
            ),
        ),
        (
            "---\nsubject: Hi\n---\n{% include key %}\n",
            (
                "intro.md:4:1: the name of an included file must be written out; "
                "include a file that lies beside this one"
            ),
        ),
    ],
)
def test_a_mail_that_cannot_be_one_is_told_with_its_place(
    folder: Folder, mail: str, sentence: str
) -> None:
    folder.write("intro.md", mail)

    (said,) = folder.said(STEPS)

    assert said.startswith(sentence)


def test_everything_a_mail_may_name_is_known(folder: Folder) -> None:
    names = "contact data key owner sender sequence step unsubscribe_url"
    folder.write("intro.md", MAIL + " ".join(f"{{{{ {name} }}}}" for name in names.split()))

    assert isinstance(folder.load(STEPS), Version)


def test_a_mail_written_twice_is_refused(folder: Folder) -> None:
    folder.write("intro.html", MAIL)

    (said,) = folder.said(STEPS)

    assert "there are two of it" in said
    assert "intro.md" in said


@pytest.mark.parametrize("steps", ["subject: Hello again", "thread: case-study"])
def test_a_subject_may_come_from_the_step(folder: Folder, steps: str) -> None:
    folder.write("intro.md", "Hi\n")

    version = folder.load(f"steps: [{{email: case-study}}, {{email: intro, {steps}}}]\n")

    assert isinstance(version, Version)


def test_a_mail_brings_its_text_its_layout_and_what_it_includes(folder: Folder) -> None:
    folder.write("intro.md", MAIL + '{% include "signature.html" %}')
    folder.write("signature.html", "Olga")
    folder.write("intro.txt", "Hi there")
    folder.write("layout.html", "<html><body>{{ body }}{{ footer }}</body></html>")

    version = folder.load(STEPS)

    assert isinstance(version, Version), str(version)
    names = ["intro.md", "intro.txt", "layout.html", "signature.html"]
    assert sorted(version.content.files) == names


def test_mails_are_checked_even_if_the_sequence_is_wrong(folder: Folder) -> None:
    folder.write("intro.md", "---\nsubject: Hi\n---\n{{ kontact }}\n")

    said = folder.said(f"purpos: x\n{STEPS}")

    assert [one.split(":")[0] for one in said] == ["intro.md", "sequence.yaml"]


def test_the_layout_is_no_mail(folder: Folder) -> None:
    folder.write("layout.html", "{{ body }}")

    (said,) = folder.said("steps: [{email: layout}]\n")

    assert "there is no mail `layout.md`" in said

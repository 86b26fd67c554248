import base64
from pathlib import Path

import pytest

from tests.unit.authoring.written import MAIL, STEPS, Folder, files_of, loaded

PDF = b"%PDF-1.7 a small one"


def project(folder: Folder, text: str = "timezone: UTC\n") -> Path:
    (folder.path.parent / "postroad.yaml").write_text(text, encoding="utf-8")
    shared = folder.path.parent / "shared"
    shared.mkdir(exist_ok=True)
    return shared


def attach(folder: Folder, written: str, name: str = "guide.pdf", held: bytes = PDF) -> None:
    folder.write("intro.md", f"---\nsubject: Hi\nattachments: {written}\n---\nHi\n")
    (folder.path / name).write_bytes(held)


def test_a_mail_brings_its_languages_along(folder: Folder) -> None:
    for name in ("intro.de.md", "intro.de-AT.html", "intro.de.txt"):
        folder.write(name, MAIL)

    assert files_of(folder) == ["intro.de-AT.html", "intro.de.md", "intro.de.txt", "intro.md"]


@pytest.mark.parametrize("name", ["intro.old.md", "intro.2.md", "intro.draft.md", "other.de.md"])
def test_a_draft_beside_it_changes_no_version(folder: Folder, name: str) -> None:
    folder.write(name, MAIL)

    assert files_of(folder) == ["intro.md"]


def test_each_language_is_checked_with_its_place(folder: Folder) -> None:
    folder.write("intro.de.md", "---\nsubject: Hallo\n---\nHallo {{ kontakt.first_name }}\n")

    (said,) = folder.said(STEPS)

    assert said.startswith("intro.de.md:4:10: kontakt does not exist")


def test_each_language_needs_a_subject_of_its_own(folder: Folder) -> None:
    folder.write("intro.de.md", "Hallo\n")

    (said,) = folder.said(STEPS)

    assert said.startswith("intro.de.md:1:1: the mail has no subject")


def test_a_language_that_the_project_does_not_list_is_told(folder: Folder) -> None:
    project(folder, "languages: [en, de]\n")
    folder.write("intro.de.md", MAIL)
    folder.write("intro.fr.md", MAIL)

    (said,) = folder.said(STEPS)

    assert said.startswith("intro.fr.md:1:1: `fr` is not one of the project's `languages`")


def test_partials_come_from_the_folder_before_the_shared_one(folder: Folder) -> None:
    shared = project(folder)
    (shared / "partials").mkdir()
    (shared / "partials" / "bye.md").write_text("Bye, all")
    (shared / "partials" / "bye.de.md").write_text("Tschüss")
    (shared / "own.md").write_text("not this")
    folder.write("own.md", "this")
    folder.write("intro.md", MAIL + '{% include "partials/bye.md" %}{% include "own.md" %}')

    files = loaded(folder).content.files

    assert sorted(files) == ["intro.md", "own.md", "partials/bye.de.md", "partials/bye.md"]
    assert files["own.md"] == "this"


@pytest.mark.parametrize("name", ["../postroad.yaml", "/etc/hostname", "nowhere.md", "x" * 300])
def test_what_is_included_lies_in_one_of_the_folders(folder: Folder, name: str) -> None:
    project(folder)
    folder.write("intro.md", MAIL + f'{{% include "{name}" %}}')

    (said,) = folder.said(STEPS)

    assert said.startswith(
        f"intro.md:5:1: `{name}` is neither in the sequence's folder nor in `shared`"
    )


def test_a_fault_in_a_shared_file_names_that_file(folder: Folder) -> None:
    shared = project(folder)
    (shared / "bye.md").write_text("{{ kontact }}")
    folder.write("intro.md", MAIL + '{% include "bye.md" %}')

    (fault,) = folder.faults(STEPS)

    assert fault.at.file == str(shared / "bye.md")


def test_html_cannot_include_markdown(folder: Folder) -> None:
    (folder.path / "intro.md").unlink()
    folder.write("intro.html", "---\nsubject: Hi\n---\n{% include 'bye.md' %}")
    folder.write("bye.md", "*Bye*")

    (said,) = folder.said(STEPS)

    assert "`bye.md` is Markdown, and `intro.html` is not" in said


def test_a_layout_comes_with_its_languages(folder: Folder) -> None:
    (folder.path / "layouts").mkdir()
    folder.write("layouts/news.html", "{{ body }}{{ footer }}")
    folder.write("layouts/news.de.html", "{{ body }}{{ footer }}")
    folder.write("layout.html", "{{ body }}{{ footer }}")

    assert files_of(folder, f"layout: news\n{STEPS}") == [
        "intro.md",
        "layouts/news.de.html",
        "layouts/news.html",
    ]


def test_a_mail_may_name_a_layout_of_its_own(folder: Folder) -> None:
    folder.write("intro.md", "---\nsubject: Hi\nlayout: news\n---\nHi\n")
    folder.write("news.html", "{{ body }}{{ footer }}")

    assert files_of(folder) == ["intro.md", "news.html"]


def test_a_layout_that_is_not_there_is_told(folder: Folder) -> None:
    (said,) = folder.said(f"layout: news\n{STEPS}")

    assert "there is no layout news; write layouts/news.html, or `none`" in said


def test_a_snippet_is_checked_where_it_is_written(folder: Folder) -> None:
    (said,) = folder.said(f'snippets:\n  ps: "P.S. {{{{ kontact }}}}"\n{STEPS}')

    assert said.startswith("sequence.yaml:5:")
    assert "kontact does not exist; did you mean contact?" in said


def test_a_subject_that_names_an_unknown_snippet_is_told_with_its_line(folder: Folder) -> None:
    (said,) = folder.said('steps:\n  - {email: intro, subject: "Hi {{ snippets.ps }}"}\n')

    assert said.startswith("sequence.yaml:5:")
    assert "there is no snippet ps" in said


def test_a_files_attachments_belong_to_the_version(folder: Folder) -> None:
    attach(folder, "[guide.pdf]")
    first = loaded(folder)
    attach(folder, "[guide.pdf]", held=PDF + b"!")

    assert base64.b64decode(first.content.attachments["guide.pdf"]) == PDF
    assert loaded(folder).hash != first.hash


@pytest.mark.parametrize(
    ("written", "name", "held", "words"),
    [
        ("[gide.pdf]", "guide.pdf", PDF, "there is no file `gide.pdf` to attach"),
        ("[../guide.pdf]", "guide.pdf", PDF, "there is no file `../guide.pdf` to attach"),
        ("[guide.pdf]", "guide.pdf", b"", "`guide.pdf` is empty"),
        ("[guide.pdf]", "guide.pdf", b"x" * 5_000_001, "`guide.pdf` is larger than 5 MB"),
        ("[setup.exe]", "setup.exe", PDF, "mail servers refuse files that end in .exe"),
        ("[{file: a.pdf, name: a.JS}]", "a.pdf", PDF, "refuse files that end in .js"),
        ("[{url: 'https://x.example/a.pdf'}]", "a.pdf", PDF, "no pattern of `attachment_urls`"),
        ("[{url: 'http://x.example/a.pdf'}]", "a.pdf", PDF, "address begins with https://"),
        ("[{url: 'http://[::1/a.pdf'}]", "a.pdf", PDF, "cannot be attached: it is no address"),
        ('["a\\0/b.pdf"]', "a.pdf", PDF, "there is no file `a\0/b.pdf` to attach"),
    ],
)
def test_what_cannot_be_attached_is_told_with_its_line(
    folder: Folder, written: str, name: str, held: bytes, words: str
) -> None:
    attach(folder, written, name, held)

    (said,) = folder.said(STEPS)

    assert said.startswith("intro.md:3:1: ")
    assert words in said


def test_a_mails_attachments_have_a_size_together(folder: Folder) -> None:
    for name in ("b.pdf", "c.pdf"):
        (folder.path / name).write_bytes(b"x" * 4_000_000)
    attach(folder, "[a.pdf, b.pdf, c.pdf]", "a.pdf", b"x" * 4_000_000)

    (said,) = folder.said(STEPS)

    assert "the attachments of this mail are over 10 MB together" in said


def test_an_address_that_the_project_allows_may_be_attached(folder: Folder) -> None:
    project(folder, 'attachment_urls: ["https://cdn.acme.example/*"]\n')
    attach(folder, "[{url: 'https://cdn.acme.example/guide.pdf'}]")

    assert loaded(folder).content.attachment_urls == ("https://cdn.acme.example/*",)


def test_a_mails_file_may_name_one_of_the_projects_senders(folder: Folder) -> None:
    project(folder, "senders: {ops: ops@acme.example, eve: eve@acme.example}\n")
    folder.write("intro.md", "---\nsubject: Hi\nfrom: ops\n---\nHi\n")

    assert sorted(loaded(folder).content.mailboxes) == ["ops"]

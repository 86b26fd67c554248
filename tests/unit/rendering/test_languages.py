import pytest

from activities.rendering.mails import Mails
from activities.rendering.rendered import TemplateFault
from tests.unit.rendering.written import a_content, a_mail, reason, rendered

FILES = {
    "intro.md": a_mail("Hello {{ contact.first_name }}"),
    "intro.de.md": a_mail("Hallo {{ contact.first_name }}", "subject: Hallo"),
    "intro.de-AT.md": a_mail("Servus {{ contact.first_name }}", "subject: Servus"),
}


def subject_in(language: object, files: dict[str, str] = FILES) -> str:
    return rendered(files, contact={"first_name": "Ada", "language": language}).subject


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de", "Hallo"),
        ("DE", "Hallo"),
        ("de-CH", "Hallo"),
        ("de-at", "Servus"),
        ("de_AT", "Servus"),
        ("de-AT-1996", "Servus"),
        ("fr", "Hello"),
        ("", "Hello"),
        (None, "Hello"),
        (7, "Hello"),
        ("../de", "Hello"),
    ],
)
def test_a_contact_gets_the_file_in_the_nearest_language(language: object, subject: str) -> None:
    assert subject_in(language) == subject


def test_a_language_may_be_html_where_the_plain_file_is_markdown() -> None:
    files = {"intro.md": a_mail("*Hi*"), "intro.de.html": a_mail("<p>*Hallo*</p>")}

    mail = rendered(files, contact={"language": "de"})

    assert mail.text == "*Hallo*\n"


def test_the_written_text_is_that_of_the_same_language() -> None:
    files = {**FILES, "intro.txt": "Hello by hand"}

    assert rendered(files, contact={"first_name": "Ada"}).text == "Hello by hand\n"
    german = rendered(files, contact={"first_name": "Ada", "language": "de"})
    assert german.text == "Hallo Ada\n"


def test_front_matter_falls_back_to_the_plain_files_but_for_its_words() -> None:
    front = "subject: S\npreheader: P\nfrom: owner\nattachments: [guide.pdf]\nlayout: none"
    files = {"intro.md": a_mail("Hi", front), "intro.de.md": "Hallo"}

    letter = Mails(a_content(files)).letter("intro", "de")

    assert not isinstance(letter, TemplateFault)
    assert (letter.subject, letter.preheader) == (None, None)
    assert letter.sender == "owner"
    assert letter.attachments[0].file == "guide.pdf"
    assert letter.layout is not None
    assert letter.layout.text == "none"


def test_front_matter_of_a_language_goes_before_the_plain_files() -> None:
    files = {
        "intro.md": a_mail("Hi", "subject: S\nattachments: [guide.pdf]"),
        "intro.de.md": a_mail("Hallo", "subject: S\nattachments: []"),
    }

    letter = Mails(a_content(files)).letter("intro", "de")

    assert not isinstance(letter, TemplateFault)
    assert letter.attachments == ()


def test_layouts_and_partials_have_languages_too() -> None:
    files = {
        "intro.md": a_mail('{% include "partials/bye.md" %}'),
        "partials/bye.md": "Bye",
        "partials/bye.de.md": "Tschüss",
        "layout.html": "<p>English</p>{{ body }}",
        "layout.de.html": "<p>Deutsch</p>{{ body }}",
    }

    assert rendered(files).text == "English\n\nBye\n"
    assert rendered(files, contact={"language": "de"}).text == "Deutsch\n\nTschüss\n"


def test_a_fault_in_a_language_names_its_file() -> None:
    files = {**FILES, "intro.de.md": a_mail("\n{{ contact.nickname }}")}

    fault = reason(files, contact={"first_name": "Ada", "language": "de"})

    assert fault.startswith("intro.de.md, line 5: contact.nickname has no value")


def test_faults_are_found_in_every_language() -> None:
    files = {**FILES, "intro.de-AT.md": a_mail("{{ kontakt }}")}

    (fault,) = Mails(a_content(files)).faults("intro")

    assert fault.file == "intro.de-AT.md"

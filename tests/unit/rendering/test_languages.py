import pytest

from activities.rendering.mails import Mails
from activities.rendering.rendered import TemplateFault
from tests.unit.rendering.written import LINK, a_content, a_mail, reason, rendered

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


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "Unsubscribe"),
        ("de", "Abbestellen"),
        ("de-AT", "Abbestellen"),
        ("fr", "Se désabonner"),
        ("es", "Darse de baja"),
        ("it", "Annulla iscrizione"),
        ("nl", "Afmelden"),
        ("pt", "Cancelar subscrição"),
        ("pt-BR", "Cancelar inscrição"),
        ("pl", "Wypisz się"),
        ("sv", "Avsluta prenumerationen"),
        ("da", "Afmeld"),
        ("nb", "Meld deg av"),
        ("no", "Meld deg av"),
        ("fi", "Peruuta tilaus"),
        ("ja", "Unsubscribe"),
    ],
)
def test_the_footer_speaks_the_language_of_the_mails_file(tag: str, words: str) -> None:
    files = {"intro.md": a_mail("Hi"), f"intro.{tag}.md": a_mail("Hi")}

    mail = rendered(files, contact={"language": tag}, unsubscribe_url=LINK)

    assert f"{words}</a>" in mail.html
    assert mail.text == f"Hi\n\n{words} ({LINK})\n"


def test_the_footer_under_a_written_text_speaks_its_language() -> None:
    files = {"intro.md": a_mail("Hi"), "intro.de.md": a_mail("Hi"), "intro.de.txt": "Hallo"}

    mail = rendered(files, contact={"language": "de"}, unsubscribe_url=LINK)

    assert mail.text == f"Hallo\n\n-- \nAbbestellen ({LINK})\n"


def test_the_footer_of_a_plain_file_is_english_whatever_the_contact_speaks() -> None:
    mail = rendered({"intro.md": a_mail("Hi")}, contact={"language": "de"}, unsubscribe_url=LINK)

    assert mail.text == f"Hi\n\nUnsubscribe ({LINK})\n"

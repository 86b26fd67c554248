import pytest

from activities.rendering.mails import Mails
from activities.rendering.rendered import Heading, Rendered, Rewritten, TemplateFault
from schemas.content import Content
from tests.unit.rendering.written import (
    LINK,
    OLGA,
    a_content,
    a_mail,
    reason,
    rendered,
    rendered_body,
    some_variables,
)

FRAME = "<html><body><p>{}</p>{{{{ body }}}}{{{{ footer }}}}</body></html>"


def with_snippets(body: str, **snippets: str) -> Content:
    return Content(files={"intro.md": a_mail(body)}, sender=OLGA, snippets=snippets)


def said(content: Content, rewritten: Rewritten | None = None, **fields: object) -> str:
    mail = Mails(content).render("intro", some_variables(**fields), Heading(), rewritten)
    return mail.text if isinstance(mail, Rendered) else mail.reason


@pytest.mark.parametrize("file", ["layouts/news.html", "news.html"])
def test_a_mail_names_its_layout(file: str) -> None:
    files = {"intro.md": a_mail("Hi", "subject: S\nlayout: news"), file: FRAME.format("News")}

    assert rendered(files).text == "News\n\nHi\n"


def test_a_layout_of_the_sequence_holds_for_mails_that_name_none() -> None:
    files = {"intro.md": a_mail("Hi"), "layouts/news.html": FRAME.format("News")}
    content = a_content(files).model_copy(update={"layout": "news"})

    assert said(content) == "News\n\nHi\n"


def test_a_mail_without_a_layout_is_its_own_words_alone() -> None:
    files = {"intro.md": a_mail("Hi", "subject: S\nlayout: none"), "layout.html": FRAME.format("X")}

    mail = rendered(files, postal_address="1 Main St")

    assert mail.text == "Hi\n"


def test_a_layout_that_is_not_there_is_named_with_its_line() -> None:
    files = {
        "intro.md": a_mail("Hi", "subject: S\nlayout: newz"),
        "layouts/news.html": "{{ body }}",
    }

    assert reason(files) == "intro.md, line 3: there is no layout newz; did you mean news?"


def test_included_markdown_is_read_as_markdown() -> None:
    files = {
        "intro.md": a_mail('Hi\n\n{% include "partials/bye.md" %}'),
        "partials/bye.md": "*Bye*",
    }

    assert "<em>Bye</em>" in rendered(files).html


def test_a_snippet_stands_as_if_it_were_written_there() -> None:
    mail = said(with_snippets("Hi\n\n{{ snippets.ps }}", ps="- a {{ sender.name }}\n- b"))

    assert mail == "Hi\n\n- a Olga Smith\n- b\n"


def test_a_value_in_a_snippet_adds_no_markup() -> None:
    content = with_snippets("{{ snippets.ps }}", ps="**{{ contact.first_name }}**")

    mail = Mails(content).render("intro", some_variables(contact={"first_name": "*<b>"}), Heading())

    assert isinstance(mail, Rendered)
    assert "<strong>*&lt;b&gt;</strong>" in mail.html


@pytest.mark.parametrize("name", ["snippets.signatur", "snippets['signatur']"])
def test_an_unknown_snippet_is_found_without_a_contact(name: str) -> None:
    content = with_snippets(f"{{{{ {name} }}}}", signature="Olga")

    (fault,) = Mails(content).faults("intro")

    assert fault.reason == (
        "intro.md, line 4: there is no snippet signatur; did you mean snippets.signature?"
    )


def test_what_is_wrong_in_a_snippet_is_found_without_a_contact() -> None:
    content = with_snippets("Hi", ps="{{ kontact }}", pps="{{ snippets.ps }}")

    found = [fault.reason for fault in Mails(content).snippet_faults()]

    assert found[0].startswith("snippets.ps, line 1: kontact does not exist")
    assert found[1].startswith("snippets.pps, line 1: snippets does not exist")


def test_a_footer_that_the_mail_writes_itself_stands_once() -> None:
    mail = rendered_body(
        "Hi\n\n{{ footer }}\n\nP.S.", unsubscribe_url=LINK, postal_address="1 Main St"
    )

    assert mail.html.count("1 Main St") == 1
    assert mail.text == f"Hi\n\n1 Main St\nUnsubscribe ({LINK})\n\nP.S.\n"


def test_a_footer_in_a_written_text_is_text_and_stands_once() -> None:
    files = {"intro.md": a_mail("Hi"), "intro.txt": "Hi\n\n{{ footer }}\n"}

    mail = rendered(files, postal_address="Acme & Co")

    assert mail.text == "Hi\n\nAcme & Co\n"


def test_a_text_by_hand_takes_the_place_of_the_body_and_keeps_the_rest() -> None:
    files = {"intro.html": a_mail("<p>Hi</p>"), "layout.html": FRAME.format("Acme")}
    rewritten = Rewritten(body="*Dear* {{ contact.first_name }}")

    mail = Mails(a_content(files, "1 Main St")).render(
        "intro", some_variables(contact={"first_name": "Ada"}), Heading(), rewritten
    )

    assert isinstance(mail, Rendered)
    assert mail.subject == "Hello"
    assert mail.text == "Acme\n\nDear Ada\n\n1 Main St\n"
    assert "<em>Dear</em>" in mail.html


def test_the_subject_of_a_text_by_hand_goes_before_all_others() -> None:
    content = a_content({"intro.md": a_mail("Hi")})
    heading = Heading(override="Step's", thread="Re: First")

    mail = Mails(content).render(
        "intro", some_variables(), heading, Rewritten(subject="Mine", body="Hi")
    )

    assert isinstance(mail, Rendered)
    assert mail.subject == "Mine"


def test_a_fault_in_a_text_by_hand_says_so() -> None:
    content = a_content({"intro.md": a_mail("Hi")})

    fault = said(content, Rewritten(body="\n{{ contact.nickname }}"))

    assert fault.startswith("rewritten.md, line 2: contact.nickname has no value")


def test_a_sender_may_be_named_or_several() -> None:
    ops = OLGA.model_copy(update={"email": "ops@acme.example"})
    files = {"intro.md": a_mail("Hi", "subject: S\nfrom: [ops, eve@acme.example]")}
    content = a_content(files).model_copy(update={"mailboxes": {"ops": ops}})

    letter = Mails(content).letter("intro")

    assert not isinstance(letter, TemplateFault)
    assert isinstance(letter.sender, tuple)
    assert [box.email for box in letter.sender] == [
        "ops@acme.example",
        "eve@acme.example",
    ]


@pytest.mark.parametrize(
    "written",
    ["[{file: a.pdf, url: https://x.example/a.pdf}]", "[{name: a.pdf}]", "guide.pdf", "[7]"],
)
def test_attachments_that_are_written_wrong_say_how(written: str) -> None:
    fault = reason({"intro.md": a_mail("Hi", f"subject: S\nattachments: {written}")})

    assert fault.startswith("intro.md, line 3: attachments is not right; write a list")


def test_paragraphs_around_included_files_stay_apart() -> None:
    files = {
        "intro.md": a_mail(
            'Hi\n\n{% include "a.md" %}\n\nBetween\n\n  {%- include "b.md" %}\n\nEnd'
        ),
        "a.md": "One",
        "b.md": "\n\n- Two",
    }

    assert rendered(files).text == "Hi\n\nOne\n\nBetween\n\n- Two\n\nEnd\n"


def test_included_files_below_one_another_are_as_if_their_text_stood_there() -> None:
    files = {
        "intro.md": a_mail(
            '{% include "a.md" %}\n{% include "b.md" %}\n\n{% include "c.md" %}\nEnd'
        ),
        "a.md": "One",
        "b.md": "two\n",
        "c.md": "Three",
    }

    assert rendered(files).text == "One two\n\nThree End\n"


def test_lines_of_included_html_stay_apart_too() -> None:
    files = {
        "intro.html": a_mail('<p>\n{% include "a.html" %}\n{% include "a.html" %}\n</p>'),
        "a.html": "one",
        "layout.html": "{{ body }}",
    }

    assert rendered(files).text == "one one\n"


def test_an_included_file_within_a_line_breaks_no_line() -> None:
    files = {"intro.md": a_mail('Hi {% include "a.md" %}, there'), "a.md": "Ada"}

    assert rendered(files).text == "Hi Ada, there\n"


def test_a_fault_below_an_include_has_its_own_line() -> None:
    files = {"intro.md": a_mail('{% include "a.md" %}\n\n{{ data.x }}'), "a.md": "One"}

    assert reason(files).startswith("intro.md, line 6: data.x has no value")


def test_lines_of_other_blocks_leave_no_lines_behind() -> None:
    mail = rendered_body("{% if true %}\nHi\n{% endif %}\nthere", data={})

    assert mail.text == "Hi there\n"


def test_what_an_author_trims_around_an_include_is_trimmed() -> None:
    files = {"intro.md": a_mail('Hi {% include "a.md" -%}\n\n, there'), "a.md": "Ada"}

    assert rendered(files).text == "Hi Ada, there\n"


def test_an_include_that_is_only_quoted_is_left_as_it_is() -> None:
    mail = rendered_body('{% raw %}\n{% include "a.md" %}\n\nEnd{% endraw %}')

    assert mail.text == '{% include "a.md" %}\n\nEnd\n'

from activities.rendering.mails import Mails
from activities.rendering.rendered import Heading, Rendered
from tests.unit.rendering.written import (
    LINK,
    a_content,
    a_mail,
    reason,
    rendered,
    rendered_body,
    some_variables,
)

STYLED = """<html><head><style>
p { color: red } @media (max-width: 9px) { p { color: blue } }
</style></head><body class="x">{{ body }}</body></html>"""


def test_styles_are_inlined_and_media_queries_kept() -> None:
    mail = rendered({"intro.md": a_mail("Hi"), "layout.html": STYLED})

    assert '<p style="color: red;">Hi</p>' in mail.html
    assert "@media (max-width: 9px)" in mail.html


def test_nothing_is_fetched_for_a_mail() -> None:
    layout = (
        '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/x.css"></head><body>{{ body }}'
    )

    assert rendered({"intro.md": a_mail("Hi"), "layout.html": layout}).text == "Hi\n"


def test_a_preheader_is_hidden_at_the_top_of_the_body() -> None:
    files = {
        "intro.md": a_mail("Hello", 'subject: S\npreheader: "A & {{ contact.a }}"'),
        "layout.html": STYLED,
    }

    mail = rendered(files, contact={"a": "<b>"})

    assert mail.preheader == "A & <b>"
    assert '<body class="x"><div style="display: none;' in mail.html
    assert "A &amp; &lt;b&gt;" in mail.html
    assert mail.text == "Hello\n"


def test_a_marketing_mail_carries_the_address_and_the_way_out() -> None:
    mail = rendered_body("Hi", unsubscribe_url=LINK, postal_address="Acme & Co\n1 Main St")

    assert "Acme &amp; Co<br>1 Main St<br>" in mail.html
    assert f'<a clicktracking="off" href="{LINK.replace("&", "&amp;")}"' in mail.html
    assert mail.text == f"Hi\n\nAcme & Co\n1 Main St\nUnsubscribe ({LINK})\n"


def test_a_transactional_mail_carries_the_address_only() -> None:
    mail = rendered_body("Hi", postal_address="1 Main St")

    assert mail.text == "Hi\n\n1 Main St\n"
    assert "nsubscribe" not in mail.html


def test_a_written_text_part_is_taken_with_the_footer() -> None:
    files = {"intro.md": a_mail("**Hi**"), "intro.txt": "Hello {{ contact.a }},\n\nbye\n"}

    mail = rendered(files, contact={"a": "<A>"}, unsubscribe_url=LINK)

    assert mail.text == f"Hello <A>,\n\nbye\n\n-- \nUnsubscribe ({LINK})\n"


def test_a_layout_without_the_way_out_is_a_fault_on_a_marketing_mail() -> None:
    files = {"intro.md": a_mail("Hi"), "layout.html": STYLED}

    fault = reason(files, unsubscribe_url=LINK)

    assert (
        fault == "intro.md: this marketing mail has no unsubscribe link; write {{ footer }} in it"
    )


def test_a_whole_html_document_is_taken_as_it_is() -> None:
    files = {"intro.html": a_mail("<html><body><p>Hi</p>{{ footer }}</body></html>")}

    mail = rendered(files, unsubscribe_url=LINK)

    assert 'class="mail"' not in mail.html
    assert "Unsubscribe</a>" in mail.html


def test_mails_that_differ_in_values_share_their_shape() -> None:
    mails = Mails(a_content({"intro.md": a_mail("Hi {{ contact.a }}")}))

    first = mails.render("intro", some_variables(contact={"a": "Ada"}), Heading())
    second = mails.render("intro", some_variables(contact={"a": "Bob"}), Heading())

    assert isinstance(first, Rendered)
    assert isinstance(second, Rendered)
    assert (first.text, second.text) == ("Hi Ada\n", "Hi Bob\n")

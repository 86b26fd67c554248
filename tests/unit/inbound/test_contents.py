"""Mails that came back, read again from what was kept."""

import json
from email.message import EmailMessage

import pytest

from inbound.contents import Attachment, Contents, read_contents
from tests.unit.inbound.mails import PERSON, a_body, an_envelope

PDF = b"%PDF-1.7 \x00\x01"


def a_reply(**headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {
        "From": '"Jörg Müller" <joerg@example.de>',
        "Subject": "Re: Grüße aus Köln",
        "Message-ID": "<answer@example.de>",
        "In-Reply-To": "<first@example.org>",
        "References": "<root@example.org> <first@example.org>",
        **headers,
    }
    for name, value in given.items():
        message[name] = value
    message.set_content("Schöne Grüße, 5 €", charset="iso-8859-15", cte="quoted-printable")
    return message


def test_what_its_reader_sees_is_read_whatever_its_charset() -> None:
    reply = a_reply()
    reply.add_alternative("<p>Schöne Grüße</p>", subtype="html", charset="windows-1252")

    contents = read_contents(bytes(reply))

    assert contents.sender == "joerg@example.de"
    assert contents.sender_name == "Jörg Müller"
    assert contents.subject == "Re: Grüße aus Köln"
    assert contents.text.strip() == "Schöne Grüße, 5 €"
    assert contents.html.strip() == "<p>Schöne Grüße</p>"


def test_the_ids_of_its_thread_are_read() -> None:
    contents = read_contents(bytes(a_reply()))

    assert contents.message_id == "answer@example.de"
    assert contents.in_reply_to == ("first@example.org",)
    assert contents.references == ("root@example.org", "first@example.org")


def test_attachments_come_with_their_names_and_types() -> None:
    reply = a_reply()
    reply.add_attachment(PDF, maintype="application", subtype="pdf", filename="Angebot für Sie.pdf")

    assert read_contents(bytes(reply)).attachments == (
        Attachment(name="Angebot für Sie.pdf", type="application/pdf", content=PDF),
    )


def test_a_picture_in_the_html_keeps_its_content_id() -> None:
    reply = a_reply()
    reply.add_alternative('<img src="cid:logo@x">', subtype="html")
    html = reply.get_body(("html",))
    assert html is not None
    html.add_related(b"png", maintype="image", subtype="png", cid="<logo@x>")

    [picture] = read_contents(bytes(reply)).attachments

    assert (picture.content_id, picture.type, picture.content) == ("logo@x", "image/png", b"png")


def test_a_text_file_is_an_attachment_and_no_text() -> None:
    reply = a_reply()
    reply.add_attachment("name;age", filename="list.csv", subtype="csv")

    contents = read_contents(bytes(reply))

    assert [one.name for one in contents.attachments] == ["list.csv"]
    assert "name;age" not in contents.text


def test_a_mail_in_the_mail_is_an_attachment() -> None:
    reply = a_reply()
    reply.add_attachment(a_reply(Subject="Inner"))

    [inner] = read_contents(bytes(reply)).attachments

    assert inner.type == "message/rfc822"
    assert b"Subject: Inner" in inner.content


def test_a_form_that_the_provider_had_parsed_is_read_too() -> None:
    told = {"attachment1": {"filename": "Größe.txt", "type": "text/plain", "content-id": "<x@y>"}}
    form = {
        "headers": PERSON.partition(b"\r\n\r\n")[0] + b"\r\n",
        "text": "Ja, gern für 5 €".encode("iso-8859-15"),
        "html": b"<p>Ja, gern</p>",
        "attachment1": b"gro\xdf",
        "attachment-info": json.dumps(told).encode(),
        "charsets": b'{"text": "iso-8859-15", "html": "utf-8"}',
        "envelope": an_envelope("r-token@in.example.org"),
    }

    contents = read_contents(a_body(form))

    assert contents == Contents(
        sender="ada@example.com",
        sender_name="Ada L.",
        subject="Re: Grüße",
        message_id="answer-1@example.com",
        in_reply_to=("first@example.org",),
        references=("root@example.org", "first@example.org"),
        text="Ja, gern für 5 €",
        html="<p>Ja, gern</p>",
        attachments=(
            Attachment(name="Größe.txt", type="text/plain", content=b"gro\xdf", content_id="x@y"),
        ),
    )


def test_what_is_no_mail_at_all_has_no_contents() -> None:
    assert read_contents(b"\xff\x00--nothing").attachments == ()
    assert read_contents(b"") == Contents(text="")
    assert read_contents(b"--broken\r\nnothing").sender is None


@pytest.mark.parametrize("charset", ["idna", "undefined", "rot13", "klingon-8", "utf-16", "utf-7"])
def test_a_charset_that_cannot_be_read_costs_no_mail(charset: str) -> None:
    head = f"From: ada@example.com\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"

    contents = read_contents(head.encode() + b"gr\xfc\xdfe")

    assert contents.sender == "ada@example.com"
    assert contents.text

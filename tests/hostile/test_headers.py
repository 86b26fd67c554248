"""No value of a contact, and nothing that a stranger wrote, begins a header or line of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue
from sqlalchemy import create_engine
from typing_extensions import override

from activities.letters.addresses import Addresses
from activities.letters.attachments import Attached
from activities.letters.messages import Envelope, message_of
from activities.mailing.connecting import InTime
from activities.mailing.sendgrid import Accepted, Answer, Message, SendGrid
from activities.rendering.mails import render
from activities.rendering.rendered import Rendered, Variables
from inbound.contents import read_contents
from inbound.tokens import Keys
from schemas.contact import Contact
from schemas.content import Content, Mailbox
from starter.outgoing.owner_mails import MailDoor
from starter.outgoing.passing_on import passed_on
from storage.notices import Notice
from tests.builders import MONDAY
from tests.unit.inbound.mails import a_body, a_mail

SEND = UUID(int=7)
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
ADDRESSES = Addresses(
    public_url="https://mail.acme.example",
    mail_domain="acme.example",
    keys=Keys.of(["a-secret-of-enough-length"]),
    inbound_domain="in.acme.example",
)
INJECTIONS = (
    "Ada\r\nBcc: eve@evil.example",
    "Ada\nBcc: eve@evil.example",
    "Ada\r\n\r\n<b>a body</b>",
    "Ada\x0b\x0c\x1cBcc: eve@evil.example",
    "Ada\x85\u2028\u2029Bcc: eve@evil.example",
    "Ada\x00",
)


def strings_in(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings_in(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from strings_in(one)


def is_one_line(text: str) -> bool:
    return len(text.splitlines()) <= 1 and all(char >= " " and char != "\x7f" for char in text)


def headers_of(message: Message) -> list[str]:
    return list(strings_in({name: one for name, one in message.items() if name != "content"}))


def written_to(name: str, email: str = "ada@example.com") -> Message:
    contact = Contact(id="c1", email=email, first_name=name, company=name)
    owner = Mailbox(email="sam@acme.example", name=name)
    files = {"mail.md": "---\nsubject: To {{ contact.first_name or 'you' }}\n---\nHi\n"}
    mail = render(
        Content(files=files, sender=owner),
        "mail",
        variables=Variables(contact=contact.facts(), sender=owner, sequence="s", step="mail"),
    )
    assert isinstance(mail, Rendered)
    envelope = Envelope(
        to=contact,
        sender=owner,
        answers_to_us=True,
        send=SEND,
        message_id=f"<{SEND}@acme.example>",
        references=(),
        sequence="s",
        step="mail",
        transactional=False,
        at=AT,
        attachments=(Attached(name=name, type="text/plain", content="QQ=="),),
    )
    return message_of(mail, envelope, ADDRESSES)


@pytest.mark.parametrize("name", INJECTIONS)
def test_a_name_with_line_breaks_begins_no_header(name: str) -> None:
    message = written_to(name)

    assert [text for text in headers_of(message) if not is_one_line(text)] == []


@given(st.text(max_size=60))
def test_no_name_begins_a_header(name: str) -> None:
    assert [text for text in headers_of(written_to(name)) if not is_one_line(text)] == []


def test_an_address_with_a_line_break_stays_one_address() -> None:
    message = written_to("Ada", "ada@example.com\r\nBcc: eve@evil.example")

    assert [text for text in headers_of(message) if not is_one_line(text)] == []


class Posted(SendGrid):
    """Keeps what is posted."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    @override
    def post(self, message: Message, in_time: InTime = lambda: True) -> Answer:
        self.messages.append(message)
        return Accepted(provider_id="x")


async def told(name: str) -> Message:
    posted = Posted()
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    ours = Mailbox(email="postroad@acme.example", name="Postroad")
    door = MailDoor(engine, posted, sender=ours, mail_domain="acme.example")
    notice = {
        "id": 1,
        "natural_key": "one",
        "kind": "owner_mail",
        "at": MONDAY,
        "attempts": 1,
        "endpoint": "owner_mail",
        "payload": {
            "to": {"email": "sam@acme.example", "name": name},
            "subject": f"High intent: {name}",
            "text": "text",
            "html": "",
        },
    }
    await door.bring(Notice.model_validate(notice))
    return posted.messages[0]


@pytest.mark.parametrize("name", INJECTIONS)
async def test_an_owner_is_told_in_one_line(name: str) -> None:
    assert [text for text in headers_of(await told(name)) if not is_one_line(text)] == []


EVIL = "=?utf-8?q?Hi=0D=0ABcc:_eve@evil.example=0D=0A=0D=0Abody?="


def test_what_a_stranger_writes_is_passed_on_in_one_line() -> None:
    raw = a_mail(f"Subject: {EVIL}", f'From: "{EVIL}" <ada@example.com>', without="Subject")

    letter = passed_on(read_contents(raw), Mailbox(email="ada@example.com", name="Ada"))

    assert is_one_line(letter.subject)
    assert letter.writer is not None
    assert is_one_line(letter.writer.name)
    assert all(map(is_one_line, (*letter.answers, *letter.references)))


def test_a_stranger_s_files_are_named_in_one_line() -> None:
    info = b'{"a": {"filename": "x\\r\\ny.pdf", "type": "a/b\\r\\nX: y", "content-id": "c\\r\\nd"}}'
    kept = a_body({"headers": b"From: ada@example.com", "attachment-info": info, "a": b"%PDF"})

    [file] = read_contents(kept).attachments

    assert file.name
    assert all(map(is_one_line, (file.name, file.type, file.content_id or "")))

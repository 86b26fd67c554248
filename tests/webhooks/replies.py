"""Replies that come back by Inbound Parse, and what is laid out of them."""

from email.message import EmailMessage

import httpx
from sqlalchemy import Engine

from inbound.tokens import mint
from storage import notices
from storage.notices import ListedNotice
from storage.rows import SendRow
from tests.unit.inbound.mails import an_envelope
from tests.webhooks.conftest import KEYS
from tests.webhooks.posting import post_mail

PDF = b"%PDF-1.7 \x00\xff"


def a_reply(send: SendRow, **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {
        "From": '"Ada Löwe" <ada@example.com>',
        "To": "sam@example.org",
        "Subject": "Re: Grüße",
        "Message-ID": "<answer@example.com>",
        "In-Reply-To": send.message_id,
        "References": f"<root@mail.example.org> {send.message_id}",
        **headers,
    }
    for name, value in given.items():
        message[name] = value
    message.set_content("Schöne Grüße, 5 €", charset="iso-8859-15", cte="quoted-printable")
    message.add_alternative("<p>Schöne Grüße</p>", subtype="html", charset="iso-8859-1")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="Angebot für.pdf")
    return message


async def come_back(client: httpx.AsyncClient, mail: EmailMessage | bytes, *to: str) -> None:
    form = {"email": bytes(mail), "envelope": an_envelope(*to)}
    assert (await post_mail(client, form)).status_code == httpx.codes.NO_CONTENT


def to(send: SendRow) -> str:
    return f"r-{mint('reply', send.id, KEYS)}@in.example.org"


def listed(engine: Engine) -> list[ListedNotice]:
    with engine.connect() as connection:
        return notices.listing(connection)

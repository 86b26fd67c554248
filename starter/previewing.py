"""Mails before they go: rendered as they would be, or delivered once as a test."""

from datetime import datetime
from uuid import uuid4

from pydantic import Field, JsonValue
from sqlalchemy import Connection, Engine

from activities.addresses import Addresses
from activities.composing import Composed, Occasion, compose
from activities.published import Published
from activities.rendering.rendered import TemplateFault
from activities.sendgrid import Accepted, Answer, Message, SendGrid
from activities.threads import Thread, root_of
from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.outcomes import Refused
from schemas.sequence import EmailStep
from schemas.values import Facts, Value, cut
from starter.enrollments import UNKNOWN_CONTACT, unpublished
from storage import contacts, versions

TEST_MARK = "[Test] "


class Wanted(Value):
    """Which mails for whom: those of the latest version, or the one of a step or mail `only`."""

    sequence: str
    contact: str
    only: str | None = None
    data: Facts = Field(default_factory=dict)
    key: str | None = None
    at: datetime


class Preview(Value):
    """One step's mail as this contact would get it, or the fault that stops it."""

    step: str
    email: str
    sender: Mailbox | None = None
    subject: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    html: str = ""
    text: str = ""
    fault: str | None = None


class Tested(Value):
    """SendGrid took the test mail."""

    subject: str
    provider_id: str | None


class _Mail(Value):
    step: EmailStep
    composed: Composed | TemplateFault


def preview(engine: Engine, wanted: Wanted, addresses: Addresses) -> list[Preview] | Refused:
    """Render mails through the real renderer, in the order of the steps; nothing is kept."""
    with engine.connect() as connection:
        mails = _compose(connection, wanted, addresses)
    return mails if isinstance(mails, Refused) else [_preview(mail) for mail in mails]


def send_test(
    engine: Engine, wanted: Wanted, addresses: Addresses, *, sendgrid: SendGrid, to: str
) -> Tested | Refused:
    """Deliver one mail to `to`, marked as a test: no claim, no row, in none of the numbers.

    Suppressions are not asked: whoever tests names the address. Its links lead nowhere.
    """
    with engine.connect() as connection:
        mails = _compose(connection, wanted, addresses)
    if isinstance(mails, Refused):
        return mails
    composed = mails[0].composed
    if isinstance(composed, TemplateFault):
        return Refused(reason="template", message=composed.reason)
    subject = f"{TEST_MARK}{composed.rendered.subject}"
    answer = sendgrid.post(_marked(composed.message, subject, to))
    if isinstance(answer, Accepted):
        return Tested(subject=subject, provider_id=answer.provider_id)
    return Refused(reason="not_delivered", message=f"the test was not delivered: {_words(answer)}")


def _compose(connection: Connection, wanted: Wanted, addresses: Addresses) -> list[_Mail] | Refused:
    if refused := unpublished(connection, wanted.sequence, None):
        return refused
    version = versions.latest(connection, wanted.sequence)
    contact = contacts.find(connection, wanted.contact)
    if contact is None or version is None:
        return UNKNOWN_CONTACT
    mails = _all(Published.of(version), contact, wanted, addresses)
    kept = [mail for mail in mails if wanted.only in (None, mail.step.id, mail.step.email)]
    return kept or _no_such_mail(wanted, mails)


def _all(
    published: Published, contact: Contact, wanted: Wanted, addresses: Addresses
) -> list[_Mail]:
    mails: list[_Mail] = []
    openings: dict[str, Thread] = {}
    for step in published.sequence.steps:
        if isinstance(step, EmailStep):
            root = root_of(published.sequence, step)
            occasion = _occasion(contact, wanted, addresses, openings.get(root))
            composed = compose(published, step, occasion, addresses)
            mails.append(_Mail(step=step, composed=composed))
            if isinstance(composed, Composed):
                openings.setdefault(root, _opening(occasion, composed))
    return mails


def _opening(occasion: Occasion, composed: Composed) -> Thread:
    return Thread(message_ids=(occasion.message_id,), subject=composed.rendered.subject)


def _occasion(
    contact: Contact, wanted: Wanted, addresses: Addresses, thread: Thread | None
) -> Occasion:
    send = uuid4()
    return Occasion(
        contact=contact,
        data=wanted.data,
        key=wanted.key,
        send=send,
        message_id=f"<{send}@{addresses.mail_domain}>",
        at=cut(wanted.at),
        thread=thread,
    )


def _no_such_mail(wanted: Wanted, mails: list[_Mail]) -> Refused:
    known = ", ".join(mail.step.id for mail in mails) or "none"
    message = f"{wanted.sequence} has no mail {wanted.only}: its mails are {known}"
    return Refused(reason="unknown_step", message=message)


def _preview(mail: _Mail) -> Preview:
    if isinstance(mail.composed, TemplateFault):
        return Preview(step=mail.step.id, email=mail.step.email, fault=mail.composed.reason)
    rendered = mail.composed.rendered
    return Preview(
        step=mail.step.id,
        email=mail.step.email,
        sender=mail.composed.sender,
        subject=rendered.subject,
        headers=_headers(mail.composed.message),
        html=rendered.html,
        text=rendered.text,
    )


def _headers(message: Message) -> dict[str, str]:
    headers = _recipient(message).get("headers")
    return {k: str(v) for k, v in headers.items()} if isinstance(headers, dict) else {}


def _marked(message: Message, subject: str, to: str) -> Message:
    recipient: dict[str, JsonValue] = {
        **_recipient(message),
        "to": [{"email": to}],
        "custom_args": {"seq_test": "1"},
    }
    return {
        **message,
        "personalizations": [recipient],
        "subject": subject,
        "categories": ["postroad-test"],
    }


def _recipient(message: Message) -> dict[str, JsonValue]:
    recipients = message["personalizations"]
    first = recipients[0] if isinstance(recipients, list) else None
    return first if isinstance(first, dict) else {}


def _words(answer: Answer) -> str:
    return str(getattr(answer, "words", "SendGrid asks to wait: try again in a minute"))

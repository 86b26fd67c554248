"""The mails that come back: answers, out-of-office notes, late non-delivery reports."""

from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import NamedTuple

from devstack.emulator.messages import (
    POLICY,
    build_message,
    header_of,
    mailbox,
    one_ascii_line,
    one_line,
)
from devstack.emulator.records import Address, Mail

# Bodies leave as 8-bit bytes, as most mail clients send them.
_POLICY = POLICY.clone(cte_type="8bit")

_NO_RETURN_PATH = ""  # RFC 3834 section 3.3 and RFC 5321 section 6.1: automatic mail has none


class Letter(NamedTuple):
    """A mail on its way to Inbound Parse, with the two addresses of its envelope."""

    message: EmailMessage
    return_path: str
    delivered_to: str


def human_reply(
    mail: Mail, at: datetime, text: str, *, sender: Address | None = None, charset: str = "utf-8"
) -> Letter:
    """Write what a person answers, with the mail quoted below; `sender` if not its recipient."""
    author = sender or mail.recipient
    message = _answer(mail, at, author, f"Re: {_bare_subject(mail)}")
    body = f"{text.rstrip()}\n\n{_quoted(mail)}\n"
    message.set_content(body.encode(charset, "replace").decode(charset), charset=charset)
    return Letter(message, author.email, mail.answers_to.email)


def out_of_office(
    mail: Mail, at: datetime, return_date: date | None, text: str | None = None
) -> Letter:
    """Write an automatic reply as Exchange does, with or without the date of return."""
    message = _answer(mail, at, mail.recipient, f"Automatic reply: {mail.subject}")
    message["Auto-Submitted"] = "auto-replied"  # RFC 3834 section 5
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text or _absence(return_date))
    return Letter(message, _NO_RETURN_PATH, mail.answers_to.email)


def late_report(mail: Mail, at: datetime) -> Letter:
    """Write a non-delivery report that comes to the sender, not to SendGrid (RFC 3464)."""
    domain = mailbox(mail.recipient).domain
    author = Address(email=f"mailer-daemon@{domain}", name="Mail Delivery System")
    message = _answer(mail, at, author, "Undelivered Mail Returned to Sender")
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(
        f"I could not deliver your message.\n\n<{mail.recipient.email}>: no such mailbox here.\n"
    )
    message.make_mixed()
    message.attach(_delivery_status(mail, domain))
    message.attach(_original_headers(mail))
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    return Letter(message, _NO_RETURN_PATH, mail.answers_to.email)


def _answer(mail: Mail, at: datetime, author: Address, subject: str) -> EmailMessage:
    earlier = header_of(mail, "References") or header_of(mail, "In-Reply-To") or ""
    message = EmailMessage(policy=_POLICY)
    message["Date"] = format_datetime(at)
    message["From"] = mailbox(author)
    message["To"] = mailbox(mail.answers_to)
    message["Subject"] = one_line(subject)
    message["Message-ID"] = make_msgid(domain=mailbox(author).domain)
    message["In-Reply-To"] = one_ascii_line(mail.internet_message_id)
    message["References"] = one_ascii_line(f"{earlier} {mail.internet_message_id}".strip())
    return message


def _bare_subject(mail: Mail) -> str:
    subject = mail.subject
    return subject[3:].lstrip() if subject.lower().startswith("re:") else subject


def _quoted(mail: Mail) -> str:
    said = f"On {mail.sent_at:%a, %d %b %Y} at {mail.sent_at:%H:%M}, {mail.sender.name or 'you'}"
    lines = (mail.part("text/plain") or "").rstrip().splitlines()
    return "\n".join([f"{said} <{mail.sender.email}> wrote:", *(f"> {line}" for line in lines)])


def _absence(return_date: date | None) -> str:
    back = f" I will be back on {return_date:%A, %d %B %Y}." if return_date else ""
    return (
        f"Thank you for your message.\n\nI am currently out of the office and read my mail "
        f"only now and then.{back}\n\nKind regards\n"
    )


def _delivery_status(mail: Mail, domain: str) -> EmailMessage:
    of_server, of_recipient = EmailMessage(policy=_POLICY), EmailMessage(policy=_POLICY)
    of_server["Reporting-MTA"] = f"dns; mx.{domain}"
    of_recipient["Final-Recipient"] = f"rfc822; {mailbox(mail.recipient).addr_spec}"
    of_recipient["Action"] = "failed"
    of_recipient["Status"] = "5.1.1"
    of_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 User unknown"
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([of_server, of_recipient])
    return part


def _original_headers(mail: Mail) -> EmailMessage:
    headers = bytes(build_message(mail)).partition(b"\r\n\r\n")[0].decode()
    part = EmailMessage(policy=_POLICY)
    part.set_content(headers.replace("\r\n", "\n") + "\n", subtype="rfc822-headers")
    return part

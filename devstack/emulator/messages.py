"""The message that a recipient's mail server gets (RFC 5322)."""

import base64
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from devstack.emulator.records import Address, Attachment, Content, Mail

# Lines up to RFC 5322's limit: at the usual 78 the standard library would break a long URI
# of List-Unsubscribe into encoded words, which RFC 2047 section 5 forbids there.
POLICY = SMTP.clone(cte_type="7bit", max_line_length=998)

_MESSAGE_ID = "message-id"


def build_message(mail: Mail) -> EmailMessage:
    """Build the message; the same mail always gives the same bytes."""
    message = EmailMessage(policy=POLICY)
    message["Date"] = format_datetime(mail.sent_at)
    message["From"] = mailbox(mail.sender)
    message["To"] = [mailbox(person) for person in mail.to]
    if mail.cc:
        message["Cc"] = [mailbox(person) for person in mail.cc]
    if mail.reply_to:
        message["Reply-To"] = mailbox(mail.reply_to)
    message["Subject"] = one_line(mail.subject)
    message["Message-ID"] = one_line(mail.internet_message_id)
    for name, value in mail.headers.items():
        if name.lower() != _MESSAGE_ID:
            message[name] = one_line(value)
    _add_bodies(message, mail)
    _set_boundaries(message, mail.id)
    return message


def header_of(mail: Mail, name: str) -> str | None:
    """Give one of the sender's own headers, whatever its case."""
    found = (value for key, value in mail.headers.items() if key.lower() == name.lower())
    return next(found, None)


def mailbox(address: Address) -> Mailbox:
    """Give an address as a header shows it, its domain in ASCII (RFC 5890)."""
    local, _, domain = address.email.rpartition("@")
    ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    return Mailbox(one_line(address.name), username=local, domain=ascii_domain)


def one_line(value: str) -> str:
    """Give the value without line breaks, which would start another header."""
    return " ".join(value.split()) if {"\r", "\n"} & set(value) else value


def _add_bodies(message: EmailMessage, mail: Mail) -> None:
    first, *others = mail.contents
    _set_body(message, first)
    if others:
        message.make_alternative()
    for other in others:
        part = EmailMessage(policy=POLICY)
        _set_body(part, other)
        message.attach(part)
    for attachment in mail.attachments:
        _attach(message, attachment)


def _set_body(part: EmailMessage, content: Content) -> None:
    kind, _, subtype = content.type.partition("/")
    if kind == "text":
        part.set_content(content.value, subtype=subtype)
    else:
        part.set_content(content.value.encode(), maintype=kind, subtype=subtype)


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind, _, subtype = attachment.type.partition("/")
    message.add_attachment(
        base64.b64decode(attachment.content),
        maintype=kind,
        subtype=subtype,
        filename=attachment.filename,
        disposition=attachment.disposition,
        cid=f"<{attachment.content_id}>" if attachment.content_id else None,
    )


def _set_boundaries(message: EmailMessage, mail_id: str) -> None:
    for place, part in enumerate(message.walk()):
        if part.is_multipart():
            # "=_" stands in no quoted-printable and no Base64 body (RFC 2045 section 6.7).
            part.set_boundary(f"=_{mail_id}_{place}")

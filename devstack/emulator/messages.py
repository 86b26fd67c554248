"""The message that a recipient's mail server gets (RFC 5322)."""

import base64
import re
from email.headerregistry import Address as Mailbox
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from devstack.emulator.records import Address, Attachment, Content, Mail
from devstack.emulator.shapes import ascii_domain

_PARSED = frozenset(
    {
        "from",
        "to",
        "cc",
        "reply-to",
        "content-type",
        "content-disposition",
        "content-transfer-encoding",
    }
)


def _headers_as_given() -> HeaderRegistry:
    # The standard library parses more headers than these, and fails on some that senders write.
    registry = HeaderRegistry()
    registry.registry = {n: kind for n, kind in registry.registry.items() if n in _PARSED}
    return registry


# Lines up to RFC 5322's limit: at the usual 78 the standard library would break a long URI
# of List-Unsubscribe into encoded words, which RFC 2047 section 5 forbids there.
POLICY = SMTP.clone(cte_type="7bit", max_line_length=998, header_factory=_headers_as_given())

_SET_HERE = frozenset({"message-id", "date", "mime-version", "content-disposition"})
_CONTENT_TYPE = re.compile(r"([\w.+-]+)/([\w.+-]+)", re.ASCII)


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
    message["Message-ID"] = one_ascii_line(mail.internet_message_id)
    for name, value in mail.headers.items():
        if name.lower() not in _SET_HERE:
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
    return Mailbox(one_line(address.name), username=local, domain=ascii_domain(domain) or domain)


def one_line(value: str) -> str:
    """Give the value without control characters: a line break would start another header."""
    return "".join(sign if sign.isprintable() else " " for sign in value)


def one_ascii_line(value: str) -> str:
    """Give ids as a header may hold them (RFC 5322 section 3.6.4)."""
    return one_line(value).encode("ascii", "replace").decode()


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
    kind, subtype = _split_type(content.type)
    if kind == "text":
        part.set_content(content.value, subtype=subtype)
    else:
        part.set_content(content.value.encode(), maintype=kind, subtype=subtype)


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind, subtype = _split_type(attachment.type)
    message.add_attachment(
        base64.b64decode(attachment.content),
        maintype=kind,
        subtype=subtype,
        filename=one_line(attachment.filename),
        disposition=attachment.disposition,
        cid=f"<{attachment.content_id}>" if attachment.content_id else None,
    )


def _split_type(content_type: str) -> tuple[str, str]:
    named = _CONTENT_TYPE.fullmatch(content_type)
    return (named[1], named[2]) if named else ("application", "octet-stream")


def _set_boundaries(message: EmailMessage, mail_id: str) -> None:
    for place, part in enumerate(message.walk()):
        if part.is_multipart():
            # "=_" stands in no quoted-printable and no Base64 body (RFC 2045 section 6.7).
            part.set_boundary(f"=_{mail_id}_{place}")

"""A rendered mail as SendGrid wants it: recipients, headers, tracking, our own marks."""

from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from activities.letters.addresses import Addresses
from activities.letters.attachments import Attached
from activities.mailing.sendgrid import Message
from activities.rendering.papers import one_line
from activities.rendering.rendered import Rendered
from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.values import Value
from storage.people.addresses import ascii_domain


class Envelope(Value):
    """All about a mail but its words; `references` are the Message-IDs of its thread so far."""

    to: Contact
    sender: Mailbox
    answers_to_us: bool
    send: UUID
    message_id: str
    references: tuple[str, ...]
    sequence: str
    step: str
    transactional: bool
    at: datetime
    attachments: tuple[Attached, ...] = ()


def message_of(mail: Rendered, envelope: Envelope, addresses: Addresses) -> Message:
    """Build the request; its categories and custom arguments are kept for years, so ids only."""
    message: Message = {
        "personalizations": [
            {
                "to": [_mailbox(envelope.to.email, _full_name(envelope.to))],
                "headers": _headers(envelope, addresses),
                "custom_args": _custom_args(envelope),
            }
        ],
        "from": _mailbox(envelope.sender.email, envelope.sender.name),
        "reply_to": _reply_to(envelope, addresses),
        "subject": one_line(mail.subject),
        # The order that RFC 1341 section 7.2 asks for; SendGrid refuses another.
        "content": [
            {"type": "text/plain", "value": mail.text},
            {"type": "text/html", "value": mail.html},
        ],
        "categories": [envelope.sequence, f"{envelope.sequence}/{envelope.step}"],
        "tracking_settings": dict(_TRACKING),
    }
    if envelope.attachments:
        message["attachments"] = [_attachment(one) for one in envelope.attachments]
    return message


def file_names(message: Message) -> tuple[str, ...]:
    """Give the names of a request's attachments."""
    files = message.get("attachments")
    known = files if isinstance(files, list) else []
    return tuple(str(one["filename"]) for one in known if isinstance(one, dict))


def without_files(message: Message) -> Message:
    """Give the request with the names of its attachments only, to be shown."""
    files = message.get("attachments")
    if not isinstance(files, list):
        return message
    named = [{**one, "content": ""} for one in files if isinstance(one, dict)]
    return {**message, "attachments": [*named]}


def _headers(envelope: Envelope, addresses: Addresses) -> dict[str, JsonValue]:
    headers: dict[str, JsonValue] = {"Message-ID": envelope.message_id}
    if envelope.references:
        known = (*envelope.references, addresses.thread_id(envelope.send))
        headers |= {"In-Reply-To": envelope.references[-1], "References": " ".join(known)}
    if not envelope.transactional:
        headers["List-Unsubscribe"] = addresses.list_unsubscribe(envelope.send)
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 section 3.1
    return headers


def _custom_args(envelope: Envelope) -> dict[str, JsonValue]:
    return {
        "seq_send_id": str(envelope.send),
        "seq_sequence": envelope.sequence,
        "seq_step": envelope.step,
        "seq_at": str(int(envelope.at.timestamp())),
    }


def _attachment(attached: Attached) -> JsonValue:
    return {
        "content": attached.content,
        "filename": one_line(attached.name),
        "type": attached.type,
        "disposition": "attachment",
    }


def _reply_to(envelope: Envelope, addresses: Addresses) -> JsonValue:
    ours = addresses.reply_address(envelope.send) if envelope.answers_to_us else None
    return _mailbox(ours or envelope.sender.email, envelope.sender.name)


def _mailbox(written: str, name: str) -> dict[str, JsonValue]:
    # What stands after @ in letters of its own goes as every mail server takes it.
    local, at, domain = written.rpartition("@")
    email = one_line(f"{local}{at}{ascii_domain(domain)}")
    # A line break in a name would begin a header of its owner's choice.
    shown = one_line(name)
    return {"email": email, "name": shown} if shown else {"email": email}


def _full_name(contact: Contact) -> str:
    return " ".join(name for name in (contact.first_name, contact.last_name) if name)


# Our own page and headers take care of unsubscribing; SendGrid's would compete with them.
_TRACKING: dict[str, JsonValue] = {
    "click_tracking": {"enable": True, "enable_text": False},
    "open_tracking": {"enable": True},
    "subscription_tracking": {"enable": False},
}

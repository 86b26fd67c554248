"""A mail that came back through SendGrid's Inbound Parse, in its raw or its default mode."""

import json
from email.message import Message
from hashlib import sha256

from pydantic import AwareDatetime, Field, JsonValue

from inbound.automatic import Author, author_of
from inbound.events import storable
from inbound.mime import (
    addresses,
    date_of,
    decoded,
    header_text,
    message_ids,
    parse_header,
    parse_mime,
    plain_text,
)
from inbound.multipart import Form
from schemas.values import Value

_LONGEST_TEXT = 20_000
_LONGEST_LINE = 1_000
# The documents say `email`; Twilio's newer examples `rawEmail`.
_RAW_FIELDS = ("email", "rawEmail")


class IncomingMail(Value):
    """A mail as far as it could be read.

    `recipients` are where it was delivered to, else its To and Cc; `references` the ids of mails
    before it, the likeliest to be answered first; `at` what its Date header says, which its
    sender is free to make up; `raw` the whole mail, which only raw mode gives.
    """

    natural_key: str
    author: Author
    recipients: tuple[str, ...]
    sender: str | None
    message_id: str | None
    references: tuple[str, ...]
    subject: str
    text: str
    at: AwareDatetime | None
    raw: bytes | None = Field(default=None, exclude=True, repr=False)


def read_mail(form: Form) -> IncomingMail | None:
    """Read the mail in a form of Inbound Parse; None if it holds none."""
    charsets = _json(form.get("charsets"))
    raw = next((form[name] for name in _RAW_FIELDS if name in form), None)
    if raw is not None:
        message = parse_mime(raw)
        mail = _mail(message, plain_text(message), _json(form.get("envelope")), raw)
        return mail.model_copy(update={"raw": raw})
    if "headers" not in form:
        return None
    text = decoded(form.get("text", b""), [str(charsets.get("text", "utf-8"))])
    head = form["headers"]
    return _mail(
        parse_header(head), text, _json(form.get("envelope")), head + form.get("text", b"")
    )


def _mail(
    message: Message, text: str, envelope: dict[str, JsonValue], content: bytes
) -> IncomingMail:
    recipients = _delivered_to(envelope) or addresses(message, "To", "Cc")
    own = next(iter(message_ids(message, "Message-ID")), None)
    return_path = envelope.get("from")
    return IncomingMail(
        natural_key=_natural_key(own, recipients, content),
        author=author_of(message, return_path if isinstance(return_path, str) else None),
        recipients=tuple(_clean(recipient) for recipient in recipients),
        sender=next((_clean(one) for one in addresses(message, "From", "Reply-To")), None),
        message_id=None if own is None else _clean(own),
        references=tuple(map(_clean, _references(message))),
        subject=_clean(header_text(message, "Subject")),
        text=_clean(text, _LONGEST_TEXT),
        at=date_of(message),
    )


def _references(message: Message) -> tuple[str, ...]:
    earlier = reversed(message_ids(message, "References"))
    return (*message_ids(message, "In-Reply-To"), *earlier)


def _delivered_to(envelope: dict[str, JsonValue]) -> tuple[str, ...]:
    to = envelope.get("to")
    return tuple(str(one) for one in to) if isinstance(to, list) else ()


def _natural_key(message_id: str | None, recipients: tuple[str, ...], content: bytes) -> str:
    if message_id is None:
        return sha256(content).hexdigest()
    known = json.dumps(["inbound", message_id, sorted(recipients)])
    return sha256(known.encode()).hexdigest()


def _clean(text: str, longest: int = _LONGEST_LINE) -> str:
    return str(storable(text))[:longest]


def _json(content: bytes | None) -> dict[str, JsonValue]:
    try:
        value = json.loads((content or b"{}").decode(errors="replace"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

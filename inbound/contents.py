"""A mail that came back, read again from its kept bytes: what is needed to pass it on."""

import json
from collections.abc import Iterator
from email.message import Message

from pydantic import JsonValue

from inbound.events import storable
from inbound.mime import (
    addresses,
    decoded,
    display_name,
    header_text,
    message_ids,
    parse_header,
    parse_mime,
    unfolded,
)
from inbound.multipart import Form, parse_form
from schemas.values import Value

_UNNAMED = "attachment"
_UNKNOWN_TYPE = "application/octet-stream"
_LONGEST_NAME = 200


class Attachment(Value):
    """A file in a mail; with `content_id` the mail's HTML may show it."""

    name: str
    type: str
    content: bytes
    content_id: str | None = None


class Contents(Value):
    """All of a mail that its reader sees; ids have no angle brackets."""

    sender: str | None = None
    sender_name: str = ""
    subject: str = ""
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


def read_contents(kept: bytes) -> Contents:
    """Read a whole mail, or the form in which Inbound Parse posted one, as far as that goes."""
    form = _form(kept)
    if form is not None and "headers" in form:
        return _of_form(form)
    message = parse_mime(kept)
    parts = list(_leaves(message))
    inline = [part for part in parts if _is_text(part)]
    return _headed(message).model_copy(
        update={
            "text": _joined(inline, "text/plain"),
            "html": _joined(inline, "text/html"),
            "attachments": tuple(_attachment(part) for part in parts if part not in inline),
        }
    )


def _headed(message: Message) -> Contents:
    return Contents(
        sender=next(iter(addresses(message, "From", "Reply-To")), None),
        sender_name=_clean(display_name(message)),
        subject=_clean(header_text(message, "Subject")),
        message_id=next(iter(message_ids(message, "Message-ID")), None),
        in_reply_to=message_ids(message, "In-Reply-To"),
        references=message_ids(message, "References"),
    )


def _leaves(message: Message) -> Iterator[Message]:
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = [*_held(part), *waiting]
        else:
            yield part


def _held(part: Message) -> list[Message]:
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []


def _is_text(part: Message) -> bool:
    shown = part.get_content_type() in ("text/plain", "text/html")
    return shown and part.get_content_disposition() != "attachment" and not part.get_filename()


def _joined(parts: list[Message], kind: str) -> str:
    of_kind = (part for part in parts if part.get_content_type() == kind)
    texts = (decoded(_bytes(one), [one.get_content_charset("utf-8")]) for one in of_kind)
    return _clean("\n".join(texts))


def _attachment(part: Message) -> Attachment:
    named = unfolded(part.get_filename() or "") or _UNNAMED
    ids = message_ids(part, "Content-ID")
    return Attachment(
        name=_clean(named)[-_LONGEST_NAME:],
        type=part.get_content_type(),
        content=_bytes(part),
        content_id=next(iter(ids), None),
    )


def _bytes(part: Message) -> bytes:
    if part.is_multipart():
        return b"\n".join(_as_bytes(one) for one in _held(part))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _as_bytes(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (LookupError, TypeError, ValueError):
        return _as_text(message)
    except RecursionError:  # of mails within mails
        return b""


def _as_text(message: Message) -> bytes:
    try:
        return message.as_string().encode(errors="replace")
    except RecursionError:
        return b""


def _form(kept: bytes) -> Form | None:
    first = kept.partition(b"\r\n")[0]
    if not first.startswith(b"--"):
        return None
    boundary = first[2:].decode("latin-1").replace('"', "")
    return parse_form(kept, f'multipart/form-data; boundary="{boundary}"')


def _of_form(form: Form) -> Contents:
    charsets = _json(form.get("charsets"))
    files = _json(form.get("attachment-info"))
    return _headed(parse_header(form["headers"])).model_copy(
        update={
            "text": _field(form, "text", charsets),
            "html": _field(form, "html", charsets),
            "attachments": tuple(
                _file(form[name], told) for name, told in files.items() if name in form
            ),
        }
    )


def _field(form: Form, name: str, charsets: dict[str, JsonValue]) -> str:
    return _clean(decoded(form.get(name, b""), [str(charsets.get(name, "utf-8"))]))


def _file(content: bytes, told: JsonValue) -> Attachment:
    given = told if isinstance(told, dict) else {}
    content_id = given.get("content-id")
    return Attachment(
        name=_clean(unfolded(str(given.get("filename") or given.get("name") or _UNNAMED))),
        type=unfolded(str(given.get("type") or _UNKNOWN_TYPE).partition(";")[0]),
        content=content,
        content_id=unfolded(content_id).strip("<>") if isinstance(content_id, str) else None,
    )


def _clean(text: str) -> str:
    return str(storable(text))


def _json(content: bytes | None) -> dict[str, JsonValue]:
    try:
        value = json.loads((content or b"{}").decode(errors="replace"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

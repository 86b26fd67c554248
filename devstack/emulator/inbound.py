"""The forms in which Inbound Parse posts a mail (reference 3.1)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import NamedTuple

from devstack.emulator.config import InboundMode
from devstack.emulator.replies import Letter

_SENDER_IP = "192.0.2.77"  # RFC 5737: an address for documentation


class Field(NamedTuple):
    """A form field: its bytes, and the charset they are in."""

    content: bytes
    charset: str = "UTF-8"


class Form(NamedTuple):
    """A multipart form, ready to be posted."""

    content_type: str
    body: bytes


def inbound_form(letter: Letter, mode: InboundMode) -> Form:
    """Write the form; each field is in its own charset, which the field `charsets` tells."""
    fields = _shared_fields(letter) | _FIELDS_BY_MODE[mode](letter.message)
    charsets = {name: field.charset for name, field in fields.items() if name in _TOLD}
    return _multipart(fields | {"charsets": _json(charsets)})


def _shared_fields(letter: Letter) -> dict[str, Field]:
    envelope = {"to": [letter.delivered_to], "from": letter.return_path}
    domain = str(letter.message["From"].addresses[0].domain)
    return {
        "to": _text(letter.message["To"]),
        "from": _text(letter.message["From"]),
        "subject": _text(letter.message["Subject"]),
        "envelope": _json(envelope),
        "sender_ip": _text(_SENDER_IP),
        "SPF": _text("pass"),
        # Not JSON in the real one either.
        "dkim": _text(f"{{@{domain} : pass}}"),
    }


def _raw_fields(message: EmailMessage) -> dict[str, Field]:
    return {"email": Field(bytes(message))}


def _parsed_fields(message: EmailMessage) -> dict[str, Field]:
    body = message.get_body(("plain",))
    content = body.get_payload(decode=True) if body else b""
    charset = body.get_content_charset("utf-8") if body else "utf-8"
    return {
        "headers": Field(bytes(message).partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n") + b"\n"),
        "text": Field(content if isinstance(content, bytes) else b"", charset),
        "attachments": _text("0"),
    }


_FIELDS_BY_MODE: Mapping[InboundMode, Callable[[EmailMessage], dict[str, Field]]] = {
    InboundMode.RAW: _raw_fields,
    InboundMode.PARSED: _parsed_fields,
}

_TOLD = frozenset({"to", "from", "subject", "text"})


def _multipart(fields: Mapping[str, Field]) -> Form:
    content = b"".join(field.content for field in fields.values())
    boundary = "xYzZY" + hashlib.sha256(content).hexdigest()[:24]
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + field.content
        + b"\r\n"
        for name, field in fields.items()
    )
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return Form(f"multipart/form-data; boundary={boundary}", body)


def _text(value: object) -> Field:
    return Field(str(value).encode())


def _json(value: object) -> Field:
    return _text(json.dumps(value))

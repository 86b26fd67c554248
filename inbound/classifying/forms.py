"""What a mail is that Inbound Parse posted, in its raw or its default mode."""

import json
from datetime import date
from email.message import Message

from inbound.classifying.classify import classify
from inbound.classifying.verdicts import Verdict
from inbound.mime import decoded, header_text, parse_header, parse_mime
from inbound.multipart import Form

_RAW_FIELDS = ("email", "rawEmail")
# Whatever is said, is said in the beginning; the rest are files.
_MOST = 2_000_000


def classify_form(form: Form, now: date) -> Verdict:
    """Tell what the mail in a form is; a return path without an address counts as its header."""
    raw = next((form[name] for name in _RAW_FIELDS if name in form), None)
    message = _of_parts(form) if raw is None else parse_mime(raw[:_MOST])
    if _sender(form) in ("", "<>") and not header_text(message, "Return-Path"):
        message["Return-Path"] = "<>"
    return classify(message, now)


def _of_parts(form: Form) -> Message:
    message = parse_header(form.get("headers", b""))
    kind = "text" if form.get("text", b"").strip() or "html" not in form else "html"
    if message.get_content_type() == "multipart/report":
        return message
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        del message[name]
    charset = str(_json(form, "charsets").get(kind, "utf-8"))
    text = decoded(form.get(kind, b"")[:_MOST], [charset])
    message["Content-Type"] = f'text/{"plain" if kind == "text" else "html"}; charset="utf-8"'
    message.set_payload(text.encode(errors="replace"))
    return message


def _sender(form: Form) -> object:
    return _json(form, "envelope").get("from")


def _json(form: Form, name: str) -> dict[str, object]:
    try:
        value = json.loads(form.get(name, b"{}").decode(errors="replace"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

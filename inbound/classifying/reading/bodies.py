"""A mail's text as its reader sees it, from whatever parts it came in."""

import re
from collections.abc import Iterator
from email.message import Message
from html import unescape

from inbound.classifying.reading.charsets import decoded_best
from inbound.tamed import tamed

MOST = 20_000
"""How many characters of a mail's text are looked at."""

_MOST_PARTS = 60
_FEW_WORDS = 20
_QUOTE = (
    "blockquote",
    "gmail_quote",
    "gmail_extra_quote",
    "divrplyfwdmsg",
    "appendonsend",
    "yahoo_quoted",
    "outlookmessageheader",
    "moz-cite-prefix",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "yandex-quote",
    "mailcontainer-quote",
    "qmbox-quote",
    "ntes-mailmaster-quote",
    "isreplycontent",
    "history_container",
    "replyquote",
    "quoted-text",
)
_BEGINS_QUOTE = re.compile(
    r"<(?:blockquote\b|(?:div|span|hr|section|table|includetail)\b[^<>]{0,400}(?:id|class|name)\s*=\s*[\"']?"
    rf"[^\"'<>]{{0,80}}(?:{'|'.join(_QUOTE)}))[^<>]{{0,400}}>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<(style|script|head|title)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d|hr|p|div|li|tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_META = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
QUOTE_MARK = "\x00quote\x00"
"""Stands in a text where a quote begins that only the HTML knows of."""


def leaves(message: Message) -> Iterator[Message]:
    """Give the parts that hold something, those of mails within the mail left out."""
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        held = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(held, list):
            waiting = [one for one in held if isinstance(one, Message)] + waiting
        else:
            yield part


def text_of(message: Message) -> str:
    """Give the text that the mail shows: the plain one, else what the HTML says."""
    parts = [part for part in leaves(message) if _is_shown(part)]
    plain = "\n".join(_decoded(part) for part in parts if part.get_content_type() != "text/html")
    if plain.strip() and not _is_stub(plain):
        return _tidy(_flowed(plain))
    html = "\n".join(_decoded(part) for part in parts if part.get_content_type() == "text/html")
    return _tidy(_of_html(html)) if html.strip() else _tidy(plain)


def content(part: Message) -> bytes:
    """Give a part's bytes as far as they can be decoded."""
    try:
        held = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, RecursionError):
        return b""
    return held if isinstance(held, bytes) else b""


def decoded_part(part: Message) -> str:
    """Give a part's text by its charset, the beginning of a long one."""
    return _decoded(part)


def _is_shown(part: Message) -> bool:
    kind = part.get_content_type()
    shown = kind in ("text/plain", "text/html", "text/enriched")
    return shown and part.get_content_disposition() != "attachment"


def _is_stub(plain: str) -> bool:
    return len(plain.split()) < _FEW_WORDS and "html" in plain.lower()


def _decoded(part: Message) -> str:
    raw = content(part)[: MOST * 10]
    named = part.get_content_charset("")
    if not named and (found := _META.search(raw[:3000])):
        named = found[1].decode("ascii", "replace")
    return decoded_best(raw, named)


def _of_html(html: str) -> str:
    marked = _BEGINS_QUOTE.sub(lambda found: f"\n{QUOTE_MARK}\n{found[0]}", html)
    shown = tamed(_HIDDEN.sub(" ", marked[: MOST * 10]))
    lines = _BREAK.sub("\n", _SPACES.sub(" ", shown.replace("\r", " ").replace("\n", " ")))
    return unescape(_TAG.sub("", lines.replace(QUOTE_MARK, f"\n{QUOTE_MARK}\n")))


def _flowed(plain: str) -> str:
    if plain.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<div", "<p>")):
        return _of_html(plain)
    return plain


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text[: MOST * 2].splitlines())
    return _LINES.sub("\n\n", "\n".join(lines)).strip()[:MOST]

"""Reading MIME that may be broken in any way: each function gives what can be read."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime

_ID = re.compile(r"<\s*([^<>\s]+)\s*>")


def parse_mime(raw: bytes) -> Message:
    """Parse a whole mail; of one nested too deeply only the header."""
    try:
        return BytesParser().parsebytes(raw)
    except RecursionError:
        return parse_header(raw)


def parse_header(raw: bytes) -> Message:
    """Parse a header block, without any body."""
    return BytesHeaderParser().parsebytes(raw)


def header_text(message: Message, name: str) -> str:
    """Give a header's text, its encoded words decoded (RFC 2047); empty if there is none."""
    value = message.get(name)
    return "" if value is None else unfolded(str(value))


def addresses(message: Message, *names: str) -> tuple[str, ...]:
    """Give the addresses in these headers, without their display names."""
    values = [str(value) for name in names for value in message.get_all(name, [])]
    return tuple(address for _, address in getaddresses(values) if "@" in address)


def message_ids(message: Message, name: str) -> tuple[str, ...]:
    """Give the message ids in this header, without their angle brackets."""
    values = [str(value) for value in message.get_all(name, [])]
    return tuple(found for value in values for found in _ID.findall(value))


def date_of(message: Message) -> datetime | None:
    """Give the Date header's moment in UTC; one without a zone counts as UTC."""
    try:
        moment = parsedate_to_datetime(str(message.get("Date", "")))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError, IndexError):
        return None


def plain_text(message: Message) -> str:
    """Give the first text/plain part; empty if there is none."""
    parts = (part for part in message.walk() if part.get_content_type() == "text/plain")
    first = next(parts, None)
    content = None if first is None else first.get_payload(decode=True)
    if first is None or not isinstance(content, bytes):
        return ""
    return decoded(content, [first.get_content_charset("utf-8")])


def decoded(content: bytes, charsets: Sequence[str]) -> str:
    """Decode by the first charset that is known and fits, else by UTF-8, else by Latin-1."""
    for charset in (*charsets, "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def unfolded(value: str) -> str:
    """Give a header's value in one line, its encoded words decoded (RFC 2047)."""
    return " ".join(_words(value).split())


def _words(value: str) -> str:
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        part if isinstance(part, str) else decoded(part, [charset or "ascii"])
        for part, charset in parts
    )

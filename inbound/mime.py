"""Reading MIME that may be broken in any way, or made to keep us busy: what can be read counts."""

import codecs
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from email.utils import getaddresses, parseaddr, parsedate_to_datetime

from typing_extensions import override

# Anybody can write to us, and Python reads some of what they may write in quadratic time.
_LONGEST_HEADER = 256 * 1024
_MOST_LINES, _MOST_PARTS = 500_000, 5_000
_LONGEST_VALUE, _LONGEST_OF_A_PART = 20_000, 1_500
_BLANK = re.compile(rb"\r?\n\r?\n|\r\r")
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_PLAIN_ADDRESS = re.compile(r"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})


class _Bounded(Compat32):
    """Headers as Python reads them, each cut where no honest one is so long."""

    @override
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        is_of_part = name.lower().startswith("content-")
        return name, value[: _LONGEST_OF_A_PART if is_of_part else _LONGEST_VALUE]


_POLICY = _Bounded()


def parse_mime(raw: bytes) -> Message:
    """Parse a whole mail; of one nested too deeply, or in too many pieces, only the header."""
    head = _BLANK.search(raw)
    if (head.start() if head else len(raw)) > _LONGEST_HEADER:
        return parse_header(raw)
    if raw.count(b"\n") > _MOST_LINES or raw.count(b"\n--") > _MOST_PARTS:
        return parse_header(raw)
    try:
        return BytesParser(policy=_POLICY).parsebytes(raw)
    except RecursionError:
        return parse_header(raw)


def parse_header(raw: bytes) -> Message:
    """Parse a header block, without any body."""
    head = _BLANK.search(raw, 0, _LONGEST_HEADER)
    end = head.end() if head else _LONGEST_HEADER
    return BytesHeaderParser(policy=_POLICY).parsebytes(raw[:end])


def header_text(message: Message, name: str) -> str:
    """Give a header's text, its encoded words decoded (RFC 2047); empty if there is none."""
    value = message.get(name)
    return "" if value is None else unfolded(str(value))


def addresses(message: Message, *names: str) -> tuple[str, ...]:
    """Give the addresses in these headers, without their display names."""
    values = [str(value) for name in names for value in message.get_all(name, [])]
    try:
        found = [address for _, address in getaddresses(values)]
    except RecursionError:  # of comments within comments
        found = [address for value in values for address in _PLAIN_ADDRESS.findall(value)]
    return tuple(address for address in found if "@" in address)


def display_name(message: Message) -> str:
    """Give the name that the From header writes beside its address; empty if there is none."""
    try:
        return unfolded(parseaddr(str(message.get("From", "")))[0])
    except RecursionError:  # of comments within comments
        return ""


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
            if codecs.lookup(charset).name not in _NO_CHARSETS:
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

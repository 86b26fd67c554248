"""The parts that machines write for machines: delivery reports, receipts, abuse, calendars."""

import re
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

from inbound.classifying.reading.bodies import content, decoded_part
from inbound.mime import header_text, parse_header

_MOST_PARTS = 60
_METHOD = re.compile(r"^METHOD:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_PARTSTAT = re.compile(r"PARTSTAT=\"?([A-Z-]+)", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
_DISPOSITION = ("message/disposition-notification", "message/global-disposition-notification")


class Delivery(NamedTuple):
    """What a report tells of one recipient."""

    action: str
    status: str
    diagnostic: str
    recipient: str


def all_parts(message: Message) -> Iterator[Message]:
    """Give all parts but those of a returned mail."""
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        yield part
        held = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(held, list):
            waiting = [one for one in held if isinstance(one, Message)] + waiting


def report_type(message: Message) -> str:
    """Give what a multipart/report reports, in small letters; empty for any other mail."""
    if message.get_content_type() != "multipart/report":
        return ""
    named = message.get_param("report-type", "")
    return str(named).strip().lower() if isinstance(named, str) else ""


def deliveries(message: Message) -> tuple[Delivery, ...]:
    """Give what the report tells of each recipient, broken blocks read as far as they go."""
    parts = (part for part in all_parts(message) if part.get_content_type() in _DELIVERY)
    blocks = (block for part in parts for block in _blocks(part))
    return tuple(found for block in blocks if (found := _delivery(block)) is not None)


def _blocks(part: Message) -> Iterator[Message]:
    held = part.get_payload()
    if isinstance(held, list):
        yield from (one for one in held if isinstance(one, Message))
        return
    for block in re.split(rb"\r?\n\s*\r?\n", content(part)[:100_000]):
        yield parse_header(block.lstrip() + b"\n\n")


def _delivery(block: Message) -> Delivery | None:
    action = _bare(block, "Action").split()[:1]
    status = re.search(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", _bare(block, "Status"))
    recipient = _bare(block, "Original-Recipient") or _bare(block, "Final-Recipient")
    if not action and status is None:
        return None
    return Delivery(
        action=action[0].strip(";,.").lower() if action else "failed",
        status=status[0] if status else "",
        diagnostic=_bare(block, "Diagnostic-Code")[:2000],
        recipient=recipient.rpartition(";")[2].strip().strip("<>"),
    )


def _bare(block: Message, name: str) -> str:
    return " ".join(header_text(block, name).split())


def returned_mail(message: Message) -> Message | None:
    """Give the head of the mail that a report returns, if it does."""
    for part in all_parts(message):
        if part.get_content_type() in _RETURNED:
            held = part.get_payload()
            if isinstance(held, list) and held and isinstance(held[0], Message):
                return held[0]
            return parse_header(content(part)[:50_000].lstrip() + b"\n\n")
    return None


def disposition(message: Message) -> str | None:
    """Give what a receipt says became of the mail; None if this is no receipt."""
    for part in all_parts(message):
        if part.get_content_type() in _DISPOSITION:
            held = part.get_payload()
            inner = held[0] if isinstance(held, list) and held else None
            block = inner if isinstance(inner, Message) else parse_header(content(part) + b"\n\n")
            return _bare(block, "Disposition").lower() or "displayed"
    return "displayed" if report_type(message).startswith("disposition") else None


def feedback(message: Message) -> str | None:
    """Give the type of an abuse report (RFC 5965); None if this is none."""
    for part in all_parts(message):
        if part.get_content_type() == "message/feedback-report":
            held = part.get_payload()
            raw = content(part)
            inner = held[0] if isinstance(held, list) and held else None
            block = inner if isinstance(inner, Message) else parse_header(raw.lstrip() + b"\n\n")
            return _bare(block, "Feedback-Type").lower() or "abuse"
    return "abuse" if report_type(message) == "feedback-report" else None


def calendar(message: Message) -> tuple[str, str] | None:
    """Give a calendar part's method and the answer that it gives, in capitals."""
    for part in all_parts(message):
        named = part.get_content_type() in ("text/calendar", "application/ics")
        if named or str(part.get_filename() or "").lower().endswith(".ics"):
            text = _FOLD.sub("", decoded_part(part))
            told = _METHOD.search(text)
            method = str(part.get_param("method", "") or "") or (told[1] if told else "")
            answer = _PARTSTAT.search(text)
            return method.upper(), answer[1].upper() if answer else ""
    return None

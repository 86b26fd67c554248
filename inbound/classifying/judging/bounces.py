"""Mail that did not arrive: whether that is about the address, and whether it is for good."""

import logging
import re
from collections.abc import Iterable
from email.message import Message
from typing import NamedTuple

from flufl.bounce import all_failures

from inbound.classifying.judging.letters import Letter
from inbound.classifying.reading.reports import Delivery
from inbound.classifying.verdicts import Kind
from inbound.classifying.wording.tables import tables
from inbound.classifying.wording.words import cut, normal

_ABOUT_ADDRESS = re.compile(r"5\.(?:1\.(?:1|2|3|4|6|10)|2\.1|4\.310|7\.17)$")
_NOT_ABOUT = re.compile(
    r"(?:4\.\d+\.\d+|5\.(?:1\.(?:7|8|9)|2\.[2-9]|3\.\d+|4\.[2-9]|4\.\d\d+|5\.\d+|6\.\d+|7\.\d+))$"
)
_ENHANCED = re.compile(r"\b([45])\.(\d{1,3})\.(\d{1,3})\b(?!\.\d)")
_REPLY_CODE = re.compile(r"(?<![\d.#])(4[0-5]\d|5[0-5]\d)(?![\d.])")
_FOR_GOOD = {"550", "551", "553"}
_LONGEST = 4_000
_DELAYED = ("delayed",)
_DELIVERED = ("delivered", "relayed", "expanded")

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


class Bounce(NamedTuple):
    """What kind of report it is, how sure, by what, and who was not reached."""

    kind: Kind
    confidence: float
    evidence: tuple[str, ...]
    failed: tuple[str, ...] = ()


def of_report(told: tuple[Delivery, ...], text: str) -> Bounce:
    """Judge a report in the form of RFC 3464; any recipient gone for good makes it hard."""
    failed = [one for one in told if one.action not in (*_DELAYED, *_DELIVERED)]
    if not failed:
        late = any(one.action in _DELAYED for one in told)
        kind = Kind.DELAYED if late else Kind.AUTO_ACK
        return Bounce(kind, 0.99, (f"Action: {told[0].action}",))
    alone = len(failed) == 1
    judged = [(one, reason(one.status, one.diagnostic, text if alone else "")) for one in failed]
    hard = [one for one, kind in judged if kind is Kind.BOUNCE_HARD]
    chosen = (hard or failed)[0]
    return Bounce(
        kind=Kind.BOUNCE_HARD if hard else Kind.BOUNCE_SOFT,
        confidence=0.97,
        evidence=(f"Action: {chosen.action}", f"Status: {chosen.status} {chosen.diagnostic[:160]}"),
        failed=tuple(one.recipient for one in hard or failed if one.recipient),
    )


def reason(status: str, diagnostic: str, text: str) -> Kind:
    """Tell by its status and its words whether a failure is about the address."""
    said = _said(diagnostic)
    found = _enhanced(diagnostic, status)
    return (
        _by_words(said, found)
        or _by_status(found)
        or _by_words(_said(text), found)
        or _by_status(_enhanced(text, ""))
        or _by_code(f"{diagnostic} {text}")
    )


def _enhanced(text: str, status: str) -> str:
    """Give the most telling enhanced code: x.0.0 tells nothing."""
    codes = [found[0] for found in _ENHANCED.finditer(text[:_LONGEST])]
    telling = [code for code in (*codes, status) if code and not code.endswith(".0.0")]
    return next(iter(telling), status)


def _said(text: str) -> set[str]:
    words = cut(normal(text[:_LONGEST]))
    means = {"full", "policy", "gone", "later"}
    return {hit.means for hit in tables().lexicon.hits(words) if hit.means in means}


def _by_words(said: set[str], status: str) -> Kind | None:
    if "full" in said:
        return Kind.BOUNCE_SOFT
    if "gone" in said:
        blocked = "policy" in said and status.startswith("5.7")
        return Kind.BOUNCE_SOFT if blocked or status.startswith("4.") else Kind.BOUNCE_HARD
    if "policy" in said or "later" in said:
        return None if _ABOUT_ADDRESS.match(status) else Kind.BOUNCE_SOFT
    return None


def _by_status(status: str) -> Kind | None:
    if _ABOUT_ADDRESS.match(status):
        return Kind.BOUNCE_HARD
    return Kind.BOUNCE_SOFT if _NOT_ABOUT.match(status) else None


def _by_code(text: str) -> Kind:
    codes = _REPLY_CODE.findall(text[:_LONGEST])
    return Kind.BOUNCE_HARD if codes and codes[-1] in _FOR_GOOD else Kind.BOUNCE_SOFT


def of_plain(letter: Letter, returned: Message | None) -> Bounce | None:
    """Judge a report without the form of one; None if this is none."""
    subject = [hit.means for hit in letter.subject.meaning("bounce", "late") if not letter.answers]
    hits = letter.means("bounce", "late")
    if not letter.marks.is_daemon and not (subject and _looks_returned(letter, hits, returned)):
        return None
    failures = _failures(letter.message)
    if not (subject or hits or failures or _ENHANCED.search(letter.written.signed)):
        return None
    text = _body(letter)
    kind = Kind.DELAYED if _is_late(letter, subject) else reason("", "", text)
    evidence = (*letter.marks.writes[:1], *letter.evidence(hits), f"Subject: {letter.title[:80]}")
    return Bounce(kind, 0.9 if hits else 0.75, evidence, failures)


def _looks_returned(letter: Letter, hits: list[object] | object, returned: Message | None) -> bool:
    if returned is not None or letter.marks.writes:
        return True
    return bool(hits) and bool(_REPLY_CODE.search(_body(letter)) or not letter.written.quotes)


def _body(letter: Letter) -> str:
    quoted = letter.written.quoted
    return f"{letter.written.signed}\n{quoted}" if letter.marks.is_daemon else letter.written.signed


def _is_late(letter: Letter, subject: list[str]) -> bool:
    late = letter.means("late")
    failed = [*letter.means("failed"), *(["bounce"] if "bounce" in subject else [])]
    return bool(late or "late" in subject) and not failed


def _failures(message: Message) -> tuple[str, ...]:
    try:
        late, failed = all_failures(message)
    except Exception:  # noqa: BLE001 - its detectors raise whatever a broken mail makes them
        return ()
    return tuple(sorted(_addresses((*failed, *late))))


def _addresses(found: Iterable[object]) -> Iterable[str]:
    for one in found:
        yield one.decode("latin-1") if isinstance(one, bytes) else str(one)

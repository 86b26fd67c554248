"""Whether a machine or a person wrote these words, and what a machine's notice says."""

import re
from typing import NamedTuple

from inbound.classifying.judging.letters import Letter
from inbound.classifying.verdicts import Kind
from inbound.classifying.wording.phrases import Hit

_TICKET = re.compile(
    r"[#№]\s?\d{3,}|\[[A-Z]{2,10}[-#: ]?\d{2,}\]|\b[A-Z]{2,8}-\d{3,}\b|"
    r"\b(?:ticket|case|request)\W{1,3}\d{3,}",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？؟]|;\s*$", re.MULTILINE)
_URL = re.compile(r"(?:https?://|www\.)\S*")
_ENOUGH, _MOST_CUES = 2, 3
_BEGINNING, _SHORT_TITLE = 3, 10


class Notice(NamedTuple):
    """A notice's kind, how sure that is, and what decided."""

    kind: Kind
    confidence: float
    evidence: tuple[str, ...]


class Cues(NamedTuple):
    """What is said in a mail that tells machines from people."""

    title: list[Hit]
    auto: list[Hit]
    away: list[Hit]
    left: list[Hit]
    ack: list[Hit]
    notice: list[Hit]
    person: list[Hit]
    asks: bool
    ticket: bool


def cues_of(letter: Letter) -> Cues:
    """Gather what tells machines from people."""
    text = _URL.sub("", letter.written.text)
    return Cues(
        title=_title(letter),
        auto=letter.means("auto"),
        away=letter.means("away"),
        left=letter.means("left"),
        ack=letter.means("ack"),
        notice=letter.means("notice"),
        person=_of_person(letter),
        asks=bool(_ASKS.search(text)),
        ticket=bool(_TICKET.search(letter.title) or _TICKET.search(text)),
    )


def _of_person(letter: Letter) -> list[Hit]:
    """Give what machines do not say, without what leads to a notice's "in urgent cases"."""
    notices = letter.means("notice")
    said = letter.means("human", "positive", "negative")
    return [
        hit
        for hit in said
        if hit.end <= letter.closing_at and not any(_leads_to(hit, one) for one in notices)
    ]


def _leads_to(hit: Hit, notice: Hit) -> bool:
    return hit.sentence == notice.sentence and -1 <= notice.start - hit.end <= 1


def _title(letter: Letter) -> list[Hit]:
    """Give what the subject announces: as a whole, or before its colon."""
    if letter.answers:
        return []
    means = ("auto", "away", "subject_away", "left", "ack")
    begins = _BEGINNING if len(letter.subject.words) > _SHORT_TITLE else _SHORT_TITLE
    return [hit for hit in letter.subject.meaning(*means) if hit.start < begins]


def notice_of(letter: Letter, cues: Cues, *, dated: bool) -> Notice | None:
    """Give the notice that it is, by headers and words; None if a person wrote it."""
    marks = letter.marks
    if marks.answers:
        return _of_machine(letter, cues, dated=dated, sure=True)
    known = bool(cues.away or cues.left or cues.ack or cues.auto or cues.title)
    if marks.writes and not marks.is_desk:
        machine = known or not (cues.asks or cues.person)
    else:
        machine, known = _points(letter, cues, dated=dated) >= _ENOUGH, False
    return _of_machine(letter, cues, dated=dated, sure=known) if machine else None


def _of_machine(letter: Letter, cues: Cues, *, dated: bool, sure: bool) -> Notice | None:
    kind, hits = _kind(letter, cues, dated=dated)
    evidence = (*letter.marks.answers, *letter.marks.writes)[:2] + letter.evidence(hits)
    if cues.title:
        evidence = (*evidence, f"Subject: {letter.title[:80]}")
    telling = bool(hits or cues.title)
    return Notice(kind, _confidence(letter, sure=sure, telling=telling), evidence)


def _confidence(letter: Letter, *, sure: bool, telling: bool) -> float:
    if letter.marks.answers:
        return 0.97 if telling else 0.6
    if sure:
        return 0.9
    return 0.75 if telling else 0.5


def _kind(letter: Letter, cues: Cues, *, dated: bool) -> tuple[Kind, list[Hit]]:
    title = {hit.means for hit in cues.title}
    away = bool(cues.away or title & {"away", "subject_away"})
    if (cues.left or "left" in title) and not (dated and away):
        return Kind.LEFT_COMPANY, cues.left
    if (cues.ack or "ack" in title) and not (away and (dated or not cues.ticket)):
        return Kind.AUTO_ACK, cues.ack
    if away or dated or _is_vacation(letter, cues):
        return Kind.OUT_OF_OFFICE, cues.away or cues.auto
    return Kind.AUTO_ACK, cues.auto


def _is_vacation(letter: Letter, cues: Cues) -> bool:
    desk = cues.ticket or letter.marks.is_desk or letter.marks.is_silent
    return not desk and bool(letter.marks.answers or cues.notice)


def _points(letter: Letter, cues: Cues, *, dated: bool) -> int:
    """Count what speaks for a machine less what speaks for a person, without its headers' word."""
    subject = [
        hit for hit in cues.title if hit.means in ("auto", "away", "subject_away", "left", "ack")
    ]
    known = bool(cues.away or cues.left or cues.ack)
    if not known and not subject:
        return 3 if cues.auto and not cues.person and not cues.asks else 0
    points = 4 * bool(cues.auto) + 3 * bool(subject) + known + len(set(cues.ack)) // 2
    points += bool(cues.left) + (dated and not cues.person and not cues.asks)
    points += min(len({hit.start for hit in cues.notice}), _MOST_CUES)
    points += dated + letter.marks.is_silent + bool(cues.ticket and cues.ack)
    points -= 2 * min(len({hit.sentence for hit in cues.person}), 2) + 2 * cues.asks
    if not letter.answers and not letter.written.quotes:
        points += known and not cues.person and not cues.asks
    return points - 2 * letter.written.quotes - (letter.answers and not cues.notice)

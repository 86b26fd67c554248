"""What people's own answers say beside their words: a mood, a meeting, who is there instead."""

import re

from inbound.classifying.judging.letters import Letter
from inbound.classifying.verdicts import Kind, Sentiment, Verdict

_ADDRESS = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_ANSWERS = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "COUNTER": "tentative",
}
_METHODS = ("REPLY", "COUNTER", "DECLINECOUNTER")
_FEW_WORDS = 40


def sentiment_of(letter: Letter) -> Sentiment | None:
    """Tell whether an answer is favourable; None where that is not clear."""
    means = {
        hit.means for hit in letter.means("positive", "negative") if hit.end <= letter.closing_at
    }
    if means == {"positive"}:
        return "positive"
    if means == {"negative"}:
        return "negative"
    return None


def meeting_of(letter: Letter, part: tuple[str, str] | None) -> Verdict | None:
    """Give the answer to an invitation that this is; None if it is none."""
    subject = [hit for hit in letter.subject.meaning(*_BY_SUBJECT) if hit.start == 0]
    if part is not None and part[0] in _METHODS:
        answer = _ANSWERS.get(part[1]) or (_BY_SUBJECT[subject[0].means] if subject else None)
        return _met(answer, f"METHOD: {part[0]}")
    colon = ":" in letter.title[:40] or "：" in letter.title[:40]
    if subject and colon and not letter.answers and len(letter.own.words) < _FEW_WORDS:
        return _met(_BY_SUBJECT[subject[0].means], f"Subject: {letter.title[:80]}")
    return None


_BY_SUBJECT = {"accepted": "accepted", "declined": "declined", "tentative": "tentative"}


def _met(answer: str | None, evidence: str) -> Verdict:
    verdict = Verdict(kind=Kind.CALENDAR_REPLY, confidence=0.97, evidence=(evidence,))
    return verdict.model_copy(update={"meeting": answer})


def replacement_of(letter: Letter) -> str | None:
    """Give the address of who is there now, where exactly one is named."""
    found = dict.fromkeys(one.lower() for one in _ADDRESS.findall(letter.written.signed))
    return next(iter(found)) if len(found) == 1 else None

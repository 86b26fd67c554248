"""A mail as it is judged: its headers' marks, its own words, and what they say."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from email.message import Message
from typing import NamedTuple

from inbound.classifying.dating.atoms import Said
from inbound.classifying.judging.marks import Marks, marks
from inbound.classifying.reading.bodies import text_of
from inbound.classifying.reading.quotes import Written, written
from inbound.classifying.wording.phrases import Hit
from inbound.classifying.wording.tables import spoken, tables
from inbound.classifying.wording.words import Word, cut, normal
from inbound.mime import header_text

_MOST_JUDGED = 6_000
_SHARE = 0.3
_FEW = 3
_ANY = "any"
_ANSWER = re.compile(
    r"^\s*(?:(?:re|aw|antw|sv|vs|odp|rv|res|ynt|vá|vb|回复|回覆|答复|答覆|返信|회신|ref|rif|r|σχετ|απ|"
    r"atb|yan|bls|ответ|ha|th|trả lời|תשובה|رد|fwd?|wg|tr|i|enc|doorst|转发|轉寄|전달)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*)+",
    re.IGNORECASE,
)


class Letter(NamedTuple):
    """One mail, read.

    `subject` is what its subject says, `own` what was written, up to the word `closing_at` without
    signature; `answers` tells that the subject is that of an answer.
    """

    message: Message
    marks: Marks
    subject: Said
    own: Said
    written: Written
    answers: bool
    title: str
    closing_at: int

    def means(self, *means: str) -> list[Hit]:
        """Give what the text says of these."""
        return list(self.own.meaning(*means))

    def evidence(self, hits: Iterable[Hit]) -> tuple[str, ...]:
        """Give what was met, in words that a person can follow."""
        found = (f"{hit.means} ({hit.language}): {self._quoted(hit)}" for hit in hits)
        return tuple(dict.fromkeys(found))[:_FEW]

    def _quoted(self, hit: Hit) -> str:
        return " ".join(word.text for word in self.own.words[hit.start : hit.end])


def letter_of(message: Message) -> Letter:
    """Read a mail for judging."""
    parted = written(text_of(message))
    title = header_text(message, "Subject")[:500]
    bare = _ANSWER.sub("", title)
    own, subject = _cut(parted.signed), _cut(bare)
    votes = spoken(own, own_hits := tables().lexicon.hits(own))
    votes += spoken(subject, subject_hits := tables().lexicon.hits(subject))
    languages = [language for language, _ in votes.most_common()]
    return Letter(
        message=message,
        marks=marks(message),
        subject=Said(subject, _likely(subject_hits, votes), languages),
        own=Said(own, _likely(own_hits, votes), languages),
        written=parted,
        answers=bare != title,
        title=title,
        closing_at=len(cut(normal(parted.text))),
    )


def _cut(text: str) -> tuple[Word, ...]:
    return tables().lexicon.corrected(cut(normal(text[:_MOST_JUDGED])))


def _likely(hits: Sequence[Hit], votes: Counter[str]) -> list[Hit]:
    """Give the hits without single words of languages that the mail hardly speaks."""
    most = max(votes.values(), default=0)
    heard = {language for language, count in votes.items() if count >= _SHARE * most} | {_ANY}
    return [hit for hit in hits if hit.end - hit.start > 1 or hit.language in heard]

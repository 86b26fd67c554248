"""A wish to get no more mail, told from small print about how one could wish it."""

import re

from inbound.classifying.judging.letters import Letter
from inbound.classifying.wording.phrases import Hit
from inbound.mime import addresses

_BUTTON = re.compile(r"^(?:unsubscribe|opt-?out|list-unsubscribe|u)(?:[-+.=].*)?@", re.IGNORECASE)
_FEW_WORDS = 12


def wishes(letter: Letter) -> list[Hit]:
    """Give where the text wishes it."""
    own = letter.own
    hits = [hit for hit in own.meaning("optout") if not _is_denied(letter, hit)]
    if letter.marks.answers or letter.marks.writes:
        return [hit for hit in hits if own.words[hit.start : hit.end]]
    return hits


def _is_denied(letter: Letter, hit: Hit) -> bool:
    """Tell whether the sentence tells how one could wish it, denies it, or asks to wait."""
    others = [one for one in letter.own.meaning("unless", "yet") if one.sentence == hit.sentence]
    return any(one.means == "yet" or _touches(one, hit) for one in others)


def _touches(unless: Hit, hit: Hit) -> bool:
    return unless.start <= hit.end and hit.start <= unless.end + 6


def by_button(letter: Letter) -> str | None:
    """Tell by what a mail program's own unsubscribing is known; None if this is none."""
    to = next((one for one in addresses(letter.message, "To") if _BUTTON.match(one)), None)
    if to is not None:
        return "To: an address for unsubscribing"
    whole = [
        hit
        for hit in letter.subject.meaning("optout")
        if hit.start == 0 and hit.end == len(letter.subject.words)
    ]
    if whole and not letter.answers and len(letter.own.words) <= _FEW_WORDS:
        return f"Subject: {letter.title[:80]}"
    return None

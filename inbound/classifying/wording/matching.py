"""Whether a text says a phrase at one place: bounded, whatever the text."""

from collections.abc import Sequence

from inbound.classifying.wording.phrases import Phrase, Piece, Row
from inbound.classifying.wording.words import Word

_REACH = 6


def near(phrase: Phrase, row: Row, words: Sequence[Word], at: int) -> tuple[int, int] | None:
    """Give where the parts stand near the first of them, whose `row` may begin here."""
    if not _is_row(row, words, at):
        return None
    spans = [(at, at + len(row))]
    reach = range(max(0, at - _REACH), min(len(words), at + len(row) + _REACH))
    places = [one for one in reach if words[one].sentence == words[at].sentence]
    for part in phrase.parts[1:]:
        met = (
            (one, one + len(row)) for one in places for row in part.rows if _is_row(row, words, one)
        )
        span = next((one for one in met if not one[0] < spans[0][1] <= one[1]), None)
        if span is None:
            return None
        spans.append(span)
    return min(spans)[0], max(end for _, end in spans)


def _is_row(row: Row, words: Sequence[Word], at: int) -> bool:
    whole = at + len(row) <= len(words)
    return whole and all(_fits(piece, words[at + step]) for step, piece in enumerate(row))


def _match(phrase: Phrase, at_part: int, words: Sequence[Word], at: int) -> int | None:
    if at_part == len(phrase.parts):
        return at
    part = phrase.parts[at_part]
    if not part.rows:
        return _match_after_gap(phrase, at_part, words, at)
    ends = (match_row(phrase, at_part, row, words, at) for row in part.rows)
    found = next((end for end in ends if end is not None), None)
    lacking = found is None and part.may_lack
    return _match(phrase, at_part + 1, words, at) if lacking else found


def _match_after_gap(phrase: Phrase, part: int, words: Sequence[Word], at: int) -> int | None:
    for skipped in range(phrase.gap + 1):
        end = _match(phrase, part + 1, words, at + skipped)
        if end is not None:
            return end
    return None


def match_row(phrase: Phrase, part: int, row: Row, words: Sequence[Word], at: int) -> int | None:
    """Give where the phrase ends, from its `part` on, if this `row` of it stands here."""
    return _match(phrase, part + 1, words, at + len(row)) if _is_row(row, words, at) else None


def _fits(piece: Piece, word: Word) -> bool:
    if piece.text == "#":
        return word.text.isdigit()
    if piece.is_stem:
        return any(form.startswith(piece.text) for form in word.forms)
    return piece.text in word.forms


def stands(phrase: Phrase, words: Sequence[Word], at: int, end: int) -> bool:
    """Tell whether what was met lies in one sentence and at the ends that the phrase asks for."""
    if words[at].sentence != words[end - 1].sentence:
        return False
    first, last = phrase.ends
    begins = not first or at == 0 or (first == "[" and words[at - 1].sentence != words[at].sentence)
    return begins and (
        not last
        or end == len(words)
        or (last == "]" and words[end].sentence != words[end - 1].sentence)
    )

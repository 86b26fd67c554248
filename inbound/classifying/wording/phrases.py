"""Phrases as a translator writes them, and where a text says them, however long it is.

`word stem* one/other_words optional? .. #`: `*` is any ending, `/` parts what may stand there, `_`
joins the words of one of them, `..` is a few words, `#` a number; `^` and `$` are the ends of all
that was written, `[` and `]` those of a sentence. A line that begins with `&` tells words that
stand near each other in one sentence, in any order.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from inbound.classifying.wording.words import Word, is_single, pieces

_ENDS = ("^", "$", "[", "]")
_GAP, _GAP_OF_CHARACTERS = 3, 10
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LONG_ENOUGH, _LONG = 7, 10
_REACH = 6


class Piece(NamedTuple):
    """A word of a phrase, or the beginning of one."""

    text: str
    is_stem: bool = False


Row = tuple[Piece, ...]


class Part(NamedTuple):
    """What may stand at one place of a phrase; without rows a gap of a few words."""

    rows: tuple[Row, ...]
    may_lack: bool = False


class Phrase(NamedTuple):
    """One way of saying something: what stands in a row, and the ends that it stands at."""

    language: str
    means: str
    parts: tuple[Part, ...]
    gap: int
    ends: tuple[str, str]
    is_loose: bool = False


class Hit(NamedTuple):
    """Where a text says something: its words from `start` up to but without `end`."""

    language: str
    means: str
    start: int
    end: int
    sentence: int


def read_phrase(language: str, means: str, written: str) -> Phrase:
    """Read one line of a table."""
    loose = written.startswith("&")
    marks = written.removeprefix("&").split()
    ends = (marks[0] if marks[0] in _ENDS else "", marks[-1] if marks[-1] in _ENDS else "")
    read = (_part(mark) for mark in marks[len(ends[0]) : len(marks) - len(ends[1])])
    parts = tuple(part for part in read if part is not None)
    rows = (row for part in parts for row in part.rows)
    singles = any(is_single(piece.text) for row in rows for piece in row)
    return Phrase(language, means, parts, _GAP_OF_CHARACTERS if singles else _GAP, ends, loose)


@cache
def _part(mark: str) -> Part | None:
    if mark == "..":
        return Part(())
    may_lack = mark.endswith("?")
    ways = (mark[:-1] if may_lack else mark).split("/")
    rows = tuple(dict.fromkeys(row for way in ways for row in _rows(way)))
    return Part(rows, may_lack) if rows else None


@cache
def _rows(one: str) -> tuple[Row, ...]:
    if one == "#" or (one.isascii() and one.isalpha()):
        return ((Piece(one),),)
    return tuple(row for spelt in _spellings(one) if (row := _row(spelt, one.endswith("*"))))


def _row(spelt: str, stem: bool) -> Row:  # noqa: FBT001
    bare = pieces(spelt.replace("_", " "))
    last = len(bare) - 1
    return tuple(Piece(text, stem and at == last) for at, text in enumerate(bare))


def _spellings(one: str) -> tuple[str, ...]:
    if one.isascii():
        return (one, one.replace("'", "")) if "'" in one else (one,)
    return tuple(dict.fromkeys((one, one.translate(_UMLAUTS))))


class _Start(NamedTuple):
    phrase: Phrase
    part: int
    row: Row
    nexts: frozenset[str] | None


class Lexicon:
    """All phrases of all languages, each found by how it begins."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_word: dict[str, list[_Start]] = {}
        self._by_stem: dict[str, list[_Start]] = {}
        self._near: dict[str, set[str]] = {}
        words: set[str] = set()
        for phrase in phrases:
            self._add(phrase)
            rows = (row for part in phrase.parts for row in part.rows)
            words.update(piece.text for row in rows for piece in row if not piece.is_stem)
        self._words = words
        for word in words:
            if len(word) >= _LONG_ENOUGH and word.isalpha():
                for shorter in _shorter(word):
                    self._near.setdefault(shorter, set()).add(word)

    def _add(self, phrase: Phrase) -> None:
        for at, part in enumerate(phrase.parts):
            for row in part.rows:
                index = self._by_stem if row[0].is_stem else self._by_word
                nexts = None if phrase.is_loose else _nexts(phrase, at, row)
                start = _Start(phrase, at, row, nexts)
                index.setdefault(row[0].text, []).append(start)
            if not part.may_lack:
                return

    def corrected(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Give the words, each with what it may be a slip of the pen for."""
        return tuple(
            word._replace(forms=(*word.forms, *self._meant(word.text)))
            if len(word.text) >= _LONG_ENOUGH and word.text not in self._words
            else word
            for word in words
        )

    def _meant(self, text: str) -> list[str]:
        if any(text[:size] in self._by_stem for size in range(_LONG_ENOUGH - 1, len(text) + 1)):
            return []
        found = set(self._near.get(text, ()))
        for shorter in _shorter(text):
            found |= {shorter} & self._words
            found |= {one for one in self._near.get(shorter, ()) if _is_slip(text, one)}
        return sorted(found)

    def hits(self, words: Sequence[Word]) -> list[Hit]:
        """Find all that the words say, in their order."""
        found: dict[Hit, None] = {}
        for at, word in enumerate(words):
            following = words[at + 1].forms if at + 1 < len(words) else ()
            for phrase, part, row, nexts in self._beginning(word):
                if nexts is not None and nexts.isdisjoint(following):
                    continue
                if phrase.is_loose:
                    span = _near(phrase, row, words, at)
                else:
                    end = _match_row(phrase, part, row, words, at)
                    span = None if end is None else (at, end)
                if span is not None and _stands(phrase, words, *span):
                    found[Hit(phrase.language, phrase.means, *span, word.sentence)] = None
        return list(found)

    def _beginning(self, word: Word) -> Iterator[_Start]:
        if word.text.isdigit():
            yield from self._by_word.get("#", ())
        for form in word.forms:
            yield from self._by_word.get(form, ())
            for size in range(1, len(form) + 1):
                yield from self._by_stem.get(form[:size], ())


def _near(phrase: Phrase, row: Row, words: Sequence[Word], at: int) -> tuple[int, int] | None:
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


def _nexts(phrase: Phrase, at: int, row: Row) -> frozenset[str] | None:
    """Give the words of which one must be next; None where that is not known."""
    if len(row) > 1 or row[0].is_stem:
        return None if row[-1].is_stem else frozenset((row[1].text,))
    words: set[str] = set()
    for part in phrase.parts[at + 1 :]:
        if not part.rows or any(one[0].is_stem or one[0].text == "#" for one in part.rows):
            return None
        words.update(one[0].text for one in part.rows)
        if not part.may_lack:
            return frozenset(words)
    return None


def _match(phrase: Phrase, at_part: int, words: Sequence[Word], at: int) -> int | None:
    if at_part == len(phrase.parts):
        return at
    part = phrase.parts[at_part]
    if not part.rows:
        return _match_after_gap(phrase, at_part, words, at)
    ends = (_match_row(phrase, at_part, row, words, at) for row in part.rows)
    found = next((end for end in ends if end is not None), None)
    lacking = found is None and part.may_lack
    return _match(phrase, at_part + 1, words, at) if lacking else found


def _match_after_gap(phrase: Phrase, part: int, words: Sequence[Word], at: int) -> int | None:
    for skipped in range(phrase.gap + 1):
        end = _match(phrase, part + 1, words, at + skipped)
        if end is not None:
            return end
    return None


def _match_row(phrase: Phrase, part: int, row: Row, words: Sequence[Word], at: int) -> int | None:
    return _match(phrase, part + 1, words, at + len(row)) if _is_row(row, words, at) else None


def _fits(piece: Piece, word: Word) -> bool:
    if piece.text == "#":
        return word.text.isdigit()
    if piece.is_stem:
        return any(form.startswith(piece.text) for form in word.forms)
    return piece.text in word.forms


def _stands(phrase: Phrase, words: Sequence[Word], at: int, end: int) -> bool:
    if words[at].sentence != words[end - 1].sentence:
        return False
    first, last = phrase.ends
    begins = not first or at == 0 or (first == "[" and words[at - 1].sentence != words[at].sentence)
    return begins and (
        not last
        or end == len(words)
        or (last == "]" and words[end].sentence != words[end - 1].sentence)
    )


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _is_slip(written: str, meant: str) -> bool:
    if len(written) != len(meant):
        return True
    apart = [at for at, one in enumerate(written) if one != meant[at]]
    if len(apart) == 1:
        return len(meant) >= _LONG
    return written[apart[0]] == meant[apart[-1]] and written[apart[-1]] == meant[apart[0]]

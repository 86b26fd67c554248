"""All phrases of all languages, and where a text says them, however long it is."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inbound.classifying.wording.matching import match_row, near, stands
from inbound.classifying.wording.phrases import Hit, Phrase, Row
from inbound.classifying.wording.words import Word

_LONG_ENOUGH, _LONG = 7, 10


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
                    span = near(phrase, row, words, at)
                else:
                    end = match_row(phrase, part, row, words, at)
                    span = None if end is None else (at, end)
                if span is not None and stands(phrase, words, *span):
                    found[Hit(phrase.language, phrase.means, *span, word.sentence)] = None
        return list(found)

    def _beginning(self, word: Word) -> Iterator[_Start]:
        if word.text.isdigit():
            yield from self._by_word.get("#", ())
        for form in word.forms:
            yield from self._by_word.get(form, ())
            for size in range(1, len(form) + 1):
                yield from self._by_stem.get(form[:size], ())


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


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _is_slip(written: str, meant: str) -> bool:
    if len(written) != len(meant):
        return True
    apart = [at for at, one in enumerate(written) if one != meant[at]]
    if len(apart) == 1:
        return len(meant) >= _LONG
    return written[apart[0]] == meant[apart[-1]] and written[apart[-1]] == meant[apart[0]]

"""Phrases as a translator writes them.

`word stem* one/other_words optional? .. #`: `*` is any ending, `/` parts what may stand there, `_`
joins the words of one of them, `..` is a few words, `#` a number; `^` and `$` are the ends of all
that was written, `[` and `]` those of a sentence. A line that begins with `&` tells words that
stand near each other in one sentence, in any order.
"""

from functools import cache
from typing import NamedTuple

from inbound.classifying.wording.words import is_single, pieces

_ENDS = ("^", "$", "[", "]")
_GAP, _GAP_OF_CHARACTERS = 3, 10
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


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

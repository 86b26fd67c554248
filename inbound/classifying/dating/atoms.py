"""The days that a text names, each with its place: found in figures, by names, or in relation."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from inbound.classifying.wording.phrases import Hit
from inbound.classifying.wording.words import Word


class Atom(NamedTuple):
    """A day that is named from word `start` up to but without `end`.

    `first`: where a span of days is named as one, its first day. `other` is the second reading of
    a day in figures that may be read in two ways. `vague`: named, yet not to be known, such as a
    month alone.
    """

    start: int
    end: int
    day: date | None
    sort: str
    language: str = ""
    is_span: bool = False
    other: date | None = None
    weekday: int | None = None
    dotted: bool = False


class Said(NamedTuple):
    """A text's words, what they say, and the languages it is in, the likeliest first."""

    words: Sequence[Word]
    hits: Sequence[Hit]
    languages: Sequence[str]

    def meaning(self, *means: str) -> Iterator[Hit]:
        """Give the hits that mean one of these."""
        return (hit for hit in self.hits if hit.means in means)

    def number(self, at: int) -> int | None:
        """Give the number that stands there, if one does."""
        return self.words[at].number if 0 <= at < len(self.words) else None

    def text(self, at: int) -> str:
        """Give the word that stands there; empty outside."""
        return self.words[at].text if 0 <= at < len(self.words) else ""

    def before(self, at: int) -> str:
        """Give what stands before that word, without spaces."""
        return self.words[at].before.strip() if 0 <= at < len(self.words) else " "

"""A text cut into words that can be compared: without case, accents and spellings of one letter.

Scripts that write no spaces (Chinese, Japanese, Thai ...) and Korean, which is free in where it
writes them, are cut into their characters: a phrase is then a row of characters.
"""

import re
import unicodedata
from typing import NamedTuple

_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
)
_WORD = re.compile(rf"[0-9]+|[{_SINGLE}]|(?:(?![{_SINGLE}])(?:[^\W\d_]|[\u0900-\u0dff]))+")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LETTERS = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"}
    | {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ې": "ي", "ұ": "у", "’": "'", "‘": "'", "ʼ": "'"}
    | {"–": "-", "—": "-", "‑": "-", "−": "-", "〜": "~", "`": "'", "´": "'"}
)
_ENDS = re.compile(r"[.!?…](?=\s|$)|[。！？؟।;\u061b]|\n\s*\n|[.!?,:)]\s*\n|\n\s*[-*•]\s")
_STRONG = re.compile(r"[!?…。！？؟।;\u061b]|\n\s*\n")
_ARABIC = re.compile("[\u0620-\u064a]")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_SHORT, _ABBREVIATED = 1, 4
_LEAST = 2


class Word(NamedTuple):
    """A word: the forms it may be met in, its place, what stands before it, its sentence."""

    forms: tuple[str, ...]
    start: int
    end: int
    before: str
    sentence: int

    @property
    def text(self) -> str:
        """The word as it was written."""
        return self.forms[0]

    @property
    def number(self) -> int | None:
        """The number it is, if it is one of at most four digits."""
        text = self.forms[0]
        return int(text) if text.isdigit() and len(text) <= _ABBREVIATED else None


def normal(text: str) -> str:
    """Give the text in the letters that are compared."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().translate(_LETTERS)
    stripped = _MARKS.sub("", unicodedata.normalize("NFD", plain))
    return _ascii_digits(unicodedata.normalize("NFC", stripped))


def cut(text: str) -> tuple[Word, ...]:
    """Cut a text that is `normal` into its words."""
    words: list[Word] = []
    end, sentence, last = 0, 0, ""
    for found in _WORD.finditer(text):
        before, word = text[end : found.start()], found[0]
        sentence += _ends(before, last, word)
        words.append(Word(_forms(word), found.start(), found.end(), before, sentence))
        end, last = found.end(), word
    return tuple(words)


def pieces(text: str) -> tuple[str, ...]:
    """Give the bare words of a short text, normalised."""
    return tuple(_WORD.findall(normal(text)))


def is_single(word: str) -> bool:
    """Tell whether this is a character of a script that is cut into its characters."""
    return len(word) == 1 and re.match(f"[{_SINGLE}]", word) is not None


def _ends(before: str, last: str, word: str) -> bool:
    if not last or not _ENDS.search(before):
        return False
    if _STRONG.search(before) or len(last) > _ABBREVIATED:
        return True
    if "." not in before:
        return True
    return not (last.isdigit() or word.isdigit() or len(last) <= _SHORT)


def _forms(word: str) -> tuple[str, ...]:
    if _ARABIC.match(word):
        return tuple(dict.fromkeys((word, *_arabic(word))))
    if _HEBREW.match(word):
        cuts = (word[at:] for at in (1, 2) if set(word[:at]) <= set("ובלהשמכ"))
        return (word, *(form for form in cuts if len(form) >= _LEAST))
    return (word,)


def _arabic(word: str) -> list[str]:
    found = [word]
    for prefix in ("و", "ف", "ب", "ل", "ك", "ال"):
        found += [one[len(prefix) :] for one in found if one.startswith(prefix)]
    return [one for one in found if len(one) > _LEAST]


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(one)) if one > "\u00ff" and one.isdecimal() else one for one in text
    )

"""Marks that stand for values while a mail takes shape.

A value never passes the Markdown parser or the CSS inliner: it is put in at the very end,
escaped for where it stands, so that it can add no markup; and mails that differ in values only
take shape once.
"""

import re
from collections.abc import Callable, Sequence

_MARK = re.compile(r"zqv(\d+)vqz", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(zqv\d+vqz)>")
_PIECE = re.compile(r"zqv|vqz", re.IGNORECASE)


class Marks:
    """The values of one mail; the same value gets the same mark."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, value: str) -> str:
        """Give the mark that stands for `value`: letters and digits only."""
        return f"zqv{self._numbers.setdefault(value, len(self._numbers))}vqz"

    def fill(self, text: str, escape: Callable[[str], str] = str) -> str:
        """Put the values in, escaped."""
        values = list(self._numbers)
        return _MARK.sub(lambda found: escape(_value(found, values)), text)


def with_links(markdown: str) -> str:
    """Rewrite a marked address in angle brackets as a link, which a mark alone would not be."""
    return _AUTOLINK.sub(r"[\1](\1)", markdown)


def is_whole(text: str) -> bool:
    """Tell whether no mark was cut up, by a filter on a captured block say."""
    return _PIECE.search(_MARK.sub("", text)) is None


def _value(found: re.Match[str], values: Sequence[str]) -> str:
    number = int(found[1])
    return values[number] if number < len(values) else found[0]

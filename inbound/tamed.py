"""A stranger's HTML without what no reader ends: Python's own takes minutes for a page of it."""

import re

MOST = 200_000
"""How many characters of a stranger's HTML are looked at for its text."""

_OPEN, _CLOSE = "<!--", "-->"
# Each `<` is looked at once, up to the next one: the time grows as the text does.
_UNENDED = re.compile(r"<(?![^<>]*>)")
_DECLARATION = re.compile(r"<[!?][^<>]*>?")


def tamed(html: str) -> str:
    """Give HTML without comments and declarations, and each `<` that begins no tag as text."""
    return _UNENDED.sub("&lt;", _DECLARATION.sub("", _without_comments(html[:MOST])))


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (begin := html.find(_OPEN, at)) >= 0:
        kept.append(html[at:begin])
        end = html.find(_CLOSE, begin)
        at = len(html) if end < 0 else end + len(_CLOSE)
    return "".join([*kept, html[at:]])

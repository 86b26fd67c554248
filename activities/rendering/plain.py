"""Plain text from a mail's HTML, with the addresses of its links."""

import re
from collections import Counter
from html.parser import HTMLParser

from typing_extensions import override

_SKIPPED = frozenset({"head", "style", "script", "title", "template"})
_PARAGRAPHS = frozenset(
    (
        *("p", "div", "table", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "section", "header", "footer", "article"),
    )
)
_LINES = frozenset({"li", "tr"})
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"td", "th"})
_VOID = frozenset(
    (
        *("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed"),
        *("source", "track", "wbr"),
    )
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPH, _NEXT_LINE = "\n\n", "\n"


def plain_text(html: str) -> str:
    """Give the text of a mail: paragraphs, lists, and each link's address behind its words."""
    walker = _Walker()
    walker.feed(html)
    walker.close()
    return walker.blocks.text()


class _Blocks:
    def __init__(self) -> None:
        self.line = ""
        self.prefix = ""
        self.quotes = 0
        self._written: list[str] = []
        self._glue = ""

    def text(self) -> str:
        self.end(_PARAGRAPH)
        return "".join(self._written).strip("\n") + "\n"

    def end(self, glue: str) -> None:
        lines = "\n".join(line.rstrip(" ") for line in self.line.split("\n")).strip("\n")
        self.line = ""
        if not lines:
            self._glue = max(self._glue, glue, key=len)
            return
        quote = "> " * self.quotes
        glue_before = self._glue if self._written else ""
        self._written.append(
            glue_before + (quote + self.prefix + lines).replace("\n", f"\n{quote}")
        )
        self.prefix, self._glue = "", glue


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = _Blocks()
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []
        self._open: list[tuple[str, bool]] = []
        self._names: Counter[str] = Counter()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            hidden = tag in _SKIPPED or bool(_HIDDEN.search(given.get("style", "")))
            self._open.append((tag, hidden or self._is_hidden()))
            self._names[tag] += 1
        if not self._is_hidden():
            self._break_before(tag)
            self._begin(tag, given)

    @override
    def handle_endtag(self, tag: str) -> None:
        if not self._names[tag]:
            return
        closed = ""
        while closed != tag:
            closed, hidden = self._open.pop()
            self._names[closed] -= 1
            if not hidden:
                self._end(closed)

    @override
    def handle_data(self, data: str) -> None:
        if self._is_hidden():
            return
        if self._names["pre"]:
            self.blocks.line += data
            return
        words = _SPACES.sub(" ", data)
        begins = not self.blocks.line or self.blocks.line.endswith((" ", "\n"))
        self.blocks.line += words.lstrip(" ") if begins else words

    def _is_hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _break_before(self, tag: str) -> None:
        if tag in _PARAGRAPHS or tag == "hr":
            self.blocks.end(_NEXT_LINE if self._lists else _PARAGRAPH)
        elif tag in _LINES:
            self.blocks.end(_NEXT_LINE)

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag in _LISTS:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.blocks.prefix = self._bullet()
        elif tag == "a":
            self._links.append((given.get("href", ""), len(self.blocks.line)))
        elif tag == "blockquote":
            self.blocks.quotes += 1
        else:
            self._put(tag, given)

    def _put(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self.blocks.line += "\n"
        elif tag == "img":
            self.blocks.line += given.get("alt", "")
        elif tag == "hr":
            self.blocks.line = "---"
            self.blocks.end(_PARAGRAPH)

    def _end(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag in _CELLS:
            self.blocks.line = f"{self.blocks.line.rstrip()} " if self.blocks.line.strip() else ""
        elif tag in _LINES:
            self.blocks.end(_NEXT_LINE)
        elif tag in _PARAGRAPHS:
            self._end_paragraph(tag)

    def _end_paragraph(self, tag: str) -> None:
        nested = len(self._lists) - (tag in _LISTS) > 0
        self.blocks.end(_NEXT_LINE if nested else _PARAGRAPH)
        if tag in _LISTS:
            self._lists.pop()
        if tag == "blockquote":
            self.blocks.quotes -= 1

    def _end_link(self) -> None:
        address, start = self._links.pop()
        words = self.blocks.line[start:].strip()
        address = address.removeprefix("mailto:")
        if address.startswith("#") or address in ("", words):
            return
        before = self.blocks.line.rstrip(" ")
        self.blocks.line = f"{before} ({address})" if words else before + address

    def _bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        indent = "  " * (len(self._lists) - 1)
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "

"""The links that a recipient can click in a mail."""

import re
from html.parser import HTMLParser

from typing_extensions import override

from devstack.emulator.messages import header_of
from devstack.emulator.records import Mail, Record

_WEB = ("http://", "https://")
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"]+")
_URI_IN_HEADER = re.compile(r"<([^<>]+)>")
_TRAILING = ".,;:!?)'"


class Link(Record):
    """A link, its words, and its place in the body that it stands in, as click events say it."""

    url: str
    words: str
    index: int
    part: str


def links_of(mail: Mail) -> list[Link]:
    """Give the links of the HTML body in order, else those of the plain text."""
    html, text = mail.part("text/html"), mail.part("text/plain")
    return _links_in_html(html) if html is not None else _links_in_text(text or "")


def one_click_url(mail: Mail) -> str | None:
    """Give the address that a one-click unsubscribe posts to; None if the mail offers none.

    RFC 8058 section 3.1: both headers must be there, and one URI must be a web address.
    """
    offered = header_of(mail, "List-Unsubscribe-Post") or ""
    uris = _URI_IN_HEADER.findall(header_of(mail, "List-Unsubscribe") or "")
    web = [uri for uri in uris if uri.startswith(_WEB)]
    return web[0] if web and offered.strip() == "List-Unsubscribe=One-Click" else None


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._url: str | None = None
        self._words: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        url = dict(attrs).get("href") or ""
        if tag == "a" and url.startswith(_WEB):
            self._url, self._words = url, []

    @override
    def handle_data(self, data: str) -> None:
        self._words.append(data)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url:
            self.found.append((self._url, " ".join("".join(self._words).split())))
            self._url = None


def _links_in_html(html: str) -> list[Link]:
    anchors = _Anchors()
    anchors.feed(html)
    return [
        Link(url=url, words=words or url, index=place, part="html")
        for place, (url, words) in enumerate(anchors.found)
    ]


def _links_in_text(text: str) -> list[Link]:
    urls = [url.rstrip(_TRAILING) for url in _URL_IN_TEXT.findall(text)]
    return [Link(url=url, words=url, index=n, part="text") for n, url in enumerate(urls)]

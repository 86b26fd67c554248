"""Rules about links; nothing is fetched."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from authoring.lint.letters import Written
from authoring.lint.remarks import Said
from authoring.lint.review import Review
from authoring.lint.samples import NUMBER, SAMPLE


def broken_link(review: Review) -> Iterator[Said]:
    """Find links that no mail program could follow."""
    for written, link in _links(review):
        why = _why_broken(link)
        if why:
            problem = f"the link `{link}` leads nowhere: {why}"
            mend = "write it whole, like `https://acme.example/page`"
            yield Said(review.mail(written, link), link, problem, mend)


def insecure_link(review: Review) -> Iterator[Said]:
    """Find links without encryption."""
    for written, link in _links(review):
        if link.lower().startswith("http://") and not _why_broken(link):
            problem = f"the link `{link}` is not encrypted"
            mend = "write `https://`"
            yield Said(review.mail(written, link), link, problem, mend)


def placeholder_link(review: Review) -> Iterator[Said]:
    """Find links that were to be filled in later."""
    for written, link in _links(review):
        host = _host(link)
        if link.strip() in ("", "#") or _HOSTS.fullmatch(host) or _WORDS.search(link):
            problem = f"the link `{link}` is a placeholder" if link.strip() else "a link is empty"
            place = link if len(link) > 1 else f"({link})"
            at = review.mail(written, place)
            yield Said(at, link, problem, "write where it is to lead")


def _links(review: Review) -> Iterator[tuple[Written, str]]:
    """Give every link of every file once, but those that a value makes."""
    seen: set[tuple[str, str]] = set()
    for written in review.mails:
        for link in written.links:
            if (written.file, link) not in seen and not link.startswith((SAMPLE, str(NUMBER))):
                seen.add((written.file, link))
                yield written, link


def _why_broken(link: str) -> str:
    if not link.strip() or link.startswith("#"):
        return ""
    scheme = link.partition(":")[0].lower() if ":" in link else ""
    if scheme in ("mailto", "tel", "sms"):
        return "" if _WAYS[scheme].fullmatch(link) else f"`{scheme}:` names nobody"
    if scheme not in ("http", "https"):
        return f"`{scheme}:` is not for mails" if _SCHEME.match(link) else "it has no `https://`"
    return _why_no_address(link)


def _why_no_address(link: str) -> str:
    host = _host(link)
    if _SPACES.search(link):
        return "it holds a space"
    if not host or not _PLACE.fullmatch(host):
        return "it names no host"
    return "braces are left in it" if "{" in link or "}" in link or "%7B%7B" in link else ""


def _host(link: str) -> str:
    try:
        return urlsplit(link.strip()).hostname or ""
    except ValueError:
        return ""


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9])")
_SPACES = re.compile(r"\s|%20$")
_PLACE = re.compile(r"localhost|[\w-]+(?:\.[\w-]+)+\.?|[0-9a-f:]+")
_WAYS = {
    "mailto": re.compile(r"mailto:[^@\s]+@[^@\s]+", re.IGNORECASE),
    "tel": re.compile(r"tel:[+0-9][0-9().;=+ -]*", re.IGNORECASE),
    "sms": re.compile(r"sms:[+0-9].*", re.IGNORECASE),
}
# Reserved for documents, and nobody's (RFC 2606 section 3).
_HOSTS = re.compile(r"(?:.+\.)?(?:example\.(?:com|org|net)|localhost|yourdomain\..+|domain\.tld)")
_WORDS = re.compile(r"\b(?:TODO|FIXME|TBD|XXX+)\b|your-(?:link|url|domain)|insert-?link")

"""What a mail carries beside its words: files of its version, and files fetched when it is sent."""

import base64
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import cache
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from activities.rendering.fronts import Attachment
from activities.rendering.letters import Letter
from activities.rendering.rendered import TemplateFault
from schemas.content import Content
from schemas.values import Value

MOST_OF_A_FILE = 5_000_000
"""How many bytes one attachment may have."""

MOST_OF_A_MAIL = 10_000_000
"""How many bytes all attachments of a mail may have; SendGrid takes mails of up to 30 MB."""


class Attached(Value):
    """An attachment as it goes out; `content` is Base64."""

    name: str
    type: str
    content: str


class Unfetched(Value):
    """Why a file could not be fetched, as the end of a sentence."""

    problem: str


Fetch = Callable[[str, int], bytes | Unfetched]
"""Fetches an address, at most so many bytes."""


def attached(
    content: Content, letter: Letter, fetch: Fetch
) -> tuple[Attached, ...] | TemplateFault:
    """Give a mail's attachments, those by address fetched now, or why one cannot be had."""
    taken: list[Attached] = []
    size = 0
    for one in letter.attachments:
        held = _held(content, one, fetch)
        if isinstance(held, bytes):
            size += len(held)
            held = _too_much(held, size) or held
        if isinstance(held, Unfetched):
            return _fault(letter, one, held.problem)
        name = one.shown_name
        taken.append(
            Attached(name=name, type=type_of(name), content=base64.b64encode(held).decode())
        )
    return tuple(taken)


def type_of(name: str) -> str:
    """Give the media type that a file's name says (IANA's, as Python lists them)."""
    return _types().guess_type(name)[0] or "application/octet-stream"


def refused(name: str) -> str:
    """Give the ending for which mail servers refuse a file; nothing if they take it.

    The list is Gmail's (support.google.com/mail/answer/6590).
    """
    ending = PurePosixPath(name.lower()).suffix
    return ending if ending in _REFUSED else ""


def unwanted(url: str, patterns: Sequence[str]) -> str:
    """Give why nothing may be attached from an address; nothing if it may."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "it is no address"
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return "an attachment's address begins with https://"
    if not any(fnmatchcase(url, pattern) for pattern in patterns):
        return "no pattern of `attachment_urls` in postroad.yaml allows this address"
    return ""


def _held(content: Content, one: Attachment, fetch: Fetch) -> bytes | Unfetched:
    if one.file:
        return base64.b64decode(content.attachments.get(one.file, "")) or Unfetched(
            problem="it is not in this version; publish the sequence again"
        )
    problem = unwanted(one.url, content.attachment_urls)
    return Unfetched(problem=problem) if problem else fetch(one.url, MOST_OF_A_FILE)


def _too_much(held: bytes, size: int) -> Unfetched | None:
    if len(held) > MOST_OF_A_FILE:
        return Unfetched(problem="it is larger than 5 MB; link to it instead")
    if size > MOST_OF_A_MAIL:
        return Unfetched(problem="the mail's attachments are over 10 MB; link to one of them")
    return None


def _fault(letter: Letter, one: Attachment, problem: str) -> TemplateFault:
    return TemplateFault(
        file=letter.attached.file if letter.attached else letter.file,
        line=letter.attached.line if letter.attached else None,
        problem=f"the attachment {one.shown_name} cannot be sent: {problem}",
    )


# Only what Python itself knows: the machine's own list would make mails differ by machine.
@cache
def _types() -> MimeTypes:
    return MimeTypes()


_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_REFUSED = frozenset(
    (
        *(".ade", ".adp", ".apk", ".appx", ".appxbundle", ".bat", ".cab", ".chm", ".cmd", ".com"),
        *(
            ".cpl",
            ".diagcab",
            ".diagcfg",
            ".diagpkg",
            ".dll",
            ".dmg",
            ".ex",
            ".ex_",
            ".exe",
            ".hta",
        ),
        *(".img", ".ins", ".iso", ".isp", ".jar", ".jnlp", ".js", ".jse", ".lib", ".lnk", ".mde"),
        *(".mjs", ".msc", ".msi", ".msix", ".msixbundle", ".msp", ".mst", ".nsh", ".pif", ".ps1"),
        *(".scr", ".sct", ".shb", ".sys", ".vb", ".vbe", ".vbs", ".vhd", ".vxd", ".wsc", ".wsf"),
        *(".wsh", ".xll"),
    )
)

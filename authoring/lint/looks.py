"""Rules about what a mail looks like: pictures, letters, length, size."""

import re
from collections.abc import Iterator

from authoring.lint.letters import Tag, Written
from authoring.lint.remarks import Said
from authoring.lint.review import Review

MOST_WORDS = 150
"""How many words a cold mail may have before a remark is made."""

CLIPPED_AT = 102 * 1024
"""The bytes of HTML at which Gmail cuts a mail off."""


def image_without_alt(review: Review) -> Iterator[Said]:
    """Find pictures of which those who do not see them learn nothing."""
    for written, tag in _pictures(review):
        if "alt" not in tag.given:
            source = tag.given.get("src", "")
            problem = f"the image `{source}` has no `alt`"
            mend = 'say what it shows: `alt="…"`, or `alt=""` if it only adorns'
            yield Said(review.mail(written, source), source, problem, mend)


def only_image(review: Review) -> Iterator[Said]:
    """Find mails that are a picture and little else."""
    for written in _each_file(review):
        words = len(written.body.split())
        pictured = any(tag.name == "img" for tag in written.tags)
        if pictured and words < _FEW_WORDS:
            problem = f"the mail is a picture with {words} words, which filters count against it"
            yield Said(review.file(written.file), "", problem, "say in text what it is about")


def huge_font(review: Review) -> Iterator[Said]:
    """Find letters of a size that filters count against a mail."""
    for written in _each_file(review):
        found = next((size for tag in written.tags if (size := _size(tag))), "")
        if found:
            problem = f"letters of `{found}` are huge, which filters count against the mail"
            at = review.mail(written, found)
            yield Said(at, found, problem, "make them smaller")


def long_text(review: Review) -> Iterator[Said]:
    """Find outbound mails that are too long to be answered."""
    for written in _each_file(review) if review.sequence.purpose == "outbound" else ():
        words = len(written.body.split())
        if words > MOST_WORDS:
            problem = f"this outbound mail has {words} words; those of 50 to 125 are answered most"
            yield Said(review.file(written.file), "", problem, "keep one thought, cut the rest")


def clipped(review: Review) -> Iterator[Said]:
    """Find mails so long that Gmail hides their end, the way out included."""
    for written in _each_file(review):
        size = len(written.mail.html.encode()) if written.mail else 0
        if size > CLIPPED_AT:
            problem = f"the mail has {size // 1024} KB of HTML; Gmail cuts off what is over 102"
            yield Said(review.file(written.file), "", problem, "make it shorter")


def _each_file(review: Review) -> Iterator[Written]:
    yield from {one.file: one for one in review.mails if one.mail is not None}.values()


def _pictures(review: Review) -> Iterator[tuple[Written, Tag]]:
    seen: set[str] = set()
    for written in review.mails:
        for tag in written.tags:
            key = f"{written.file} {tag.given.get('src')}"
            if tag.name == "img" and key not in seen:
                seen.add(key)
                yield written, tag


def _size(tag: Tag) -> str:
    found = _SIZE.search(tag.given.get("style", ""))
    if found and float(found["size"]) > _LARGEST[found["unit"].lower()]:
        return f"{found['size']}{found['unit']}"
    old = tag.given.get("size", "") if tag.name == "font" else ""
    return f"size={old}" if old.strip("+") in _HUGE else ""


_FEW_WORDS = 20
_SIZE = re.compile(
    r"font-size\s*:\s*(?P<size>[0-9]*\.?[0-9]+)\s*(?P<unit>px|pt|em|rem|%)", re.IGNORECASE
)
_LARGEST = {"px": 36.0, "pt": 27.0, "em": 2.3, "rem": 2.3, "%": 230.0}
_HUGE = ("6", "7")

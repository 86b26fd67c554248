"""Rules about subjects: their length, their tone, and what they pretend."""

import re
from collections.abc import Iterator

from authoring.lint.letters import Written
from authoring.lint.remarks import Said
from authoring.lint.review import Review
from authoring.text.faults import Spot

LONGEST_SUBJECT = 60
"""How many characters of a subject an inbox on a desk shows about."""


def long_subject(review: Review) -> Iterator[Said]:
    """Find subjects that inboxes cut off; each value counts as six characters."""
    for written, at in _subjects(review):
        count = len(written.subject)
        if count > LONGEST_SUBJECT:
            problem = f"the subject has {count} characters; inboxes show about {LONGEST_SUBJECT}"
            mend = "say it shorter, the most important first"
            yield Said(at, written.subject, problem, mend)


def shouting(review: Review) -> Iterator[Said]:
    """Find capitals and exclamation marks as filters count them."""
    for written, at in _subjects(review):
        letters = [letter for letter in written.subject if letter.isalpha()]
        if len(letters) > _FEW_LETTERS and all(letter.isupper() for letter in letters):
            problem = "the subject is all in capitals, which filters count against it"
            yield Said(at, written.subject, problem, "write it as a sentence")
    for written in review.mails:
        for text in (written.subject, written.body):
            found = _SHOUTS.search(text)
            if found:
                problem = f"`{found[0]}` shouts, which filters count against the mail"
                yield Said(review.mail(written, found[0]), found[0], problem, "let one do")


def fake_reply(review: Review) -> Iterator[Said]:
    """Find first mails whose subject pretends that there was one before."""
    for written, at in _subjects(review):
        found = _ANSWERS.match(written.subject)
        if found and written.step.thread is None:
            problem = f"the subject begins with `{found[0]}`, though the mail answers nothing"
            mend = "remove it, or say which mail this goes on from: `thread: …`"
            yield Said(at, written.subject, problem, mend)


def _subjects(review: Review) -> Iterator[tuple[Written, Spot]]:
    """Give the mails with a subject of their own, each subject once, and where it stands."""
    seen: set[tuple[str, str]] = set()
    for written in review.mails:
        letter = written.letter
        own = letter.subject if letter is not None and written.override is None else None
        place = written.step.id if own is None else written.file
        if (own is None and written.override is None) or (place, written.subject) in seen:
            continue
        seen.add((place, written.subject))
        if own is None:
            key = "variants" if written.step.arms else "subject"
            yield written, review.places.step(written.step.id, key)
        else:
            yield written, review.file(own.file, "subject", own.line)


_FEW_LETTERS = 7
_SHOUTS = re.compile(r"(?:[!?]*![!?]*!|[\u00a1\uff01]{2,})[!?]*")
_ANSWERS = re.compile(r"(?:re|fw|fwd|aw|wg|tr|sv|vs)\s*:", re.IGNORECASE)

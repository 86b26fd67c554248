"""Letters to owners: in our words, or a person's reply passed on with all that it holds."""

import re
from collections.abc import Sequence
from html import escape

from activities.rendering.plain import plain_text
from inbound.contents import Attachment, Contents
from inbound.tamed import tamed
from schemas.content import Mailbox
from schemas.values import Facts, Value

LARGEST = 25 * 1024 * 1024
"""Bytes of a reply's text, HTML and attachments (in Base64) beyond which the files are left out.

SendGrid takes mails of less than 30 MB (its Mail Send overview).
"""

_LONGEST_TEXT = 1_000_000
_MOST_REFERENCES = 20
# SendGrid refuses the whole mail for one address that is none.
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\".]+(\.[^@\s<>,;:\".]+)+", re.ASCII)
_NO_TEXT = "(This reply has no text.)"
_NO_SUBJECT = "(no subject)"
_TOO_LARGE = "[Too large to be passed on, ask for it in another way: {}.]"


class Letter(Value):
    """A mail to an owner; without `writer` it is from us, and answers go nowhere."""

    subject: str
    text: str
    html: str = ""
    writer: Mailbox | None = None
    answers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()


def our_letter(payload: Facts) -> Letter:
    """Give the letter of a notice that says its own words."""
    return Letter.model_validate({name: payload[name] for name in ("subject", "text", "html")})


def passed_on(contents: Contents, contact: Mailbox, *, largest: int = LARGEST) -> Letter:
    """Pass a reply on: subject and thread are kept, answers go to whoever wrote it.

    Of one that is too large, a note stands for the attachments.
    """
    fits = _size(contents) <= largest
    text, html = _bodies(contents, "" if fits else _note(contents.attachments))
    before = contents.references or contents.in_reply_to
    own = () if contents.message_id is None else (contents.message_id,)
    return Letter(
        subject=contents.subject or _NO_SUBJECT,
        text=text,
        html=html,
        writer=_writer(contents, contact),
        answers=contents.in_reply_to[:1],
        references=(*before[:1], *before[1:][-_MOST_REFERENCES:], *own),
        files=contents.attachments if fits else (),
    )


def _writer(contents: Contents, contact: Mailbox) -> Mailbox:
    written = contents.sender or ""
    email = written if _ADDRESS.fullmatch(written) else contact.email
    return Mailbox(email=email, name=contents.sender_name or contact.name)


def _bodies(contents: Contents, note: str) -> tuple[str, str]:
    written = contents.text if contents.text.strip() else plain_text(tamed(contents.html))
    text = written.strip()[:_LONGEST_TEXT] or _NO_TEXT
    html = contents.html if len(contents.html) <= _LONGEST_TEXT else ""
    if not note:
        return text, html
    return f"{note}\n\n{text}", f"<p>{escape(note)}</p>{html}" if html else ""


def _note(files: Sequence[Attachment]) -> str:
    return _TOO_LARGE.format(", ".join(one.name for one in files) or "its HTML")


def _size(contents: Contents) -> int:
    files = sum(-(-len(one.content) // 3) * 4 for one in contents.attachments)
    return files + len(contents.text.encode()) + len(contents.html.encode())

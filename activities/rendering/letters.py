"""A mail's files: front matter, body and written plain text, found in a version's content."""

from difflib import get_close_matches
from pathlib import PurePosixPath

from activities.rendering.fronts import (
    SENDER_MEND,
    Attachment,
    Front,
    WrittenSender,
    body_of,
    read_front,
)
from activities.rendering.rendered import Faulty, Line, Rewritten, TemplateFault
from activities.rendering.tongues import Chain, Tongues, tag_of
from schemas.content import Content, Mailbox, Sender
from schemas.values import Value

REWRITTEN = "rewritten.md"
"""What the text that a person wrote for one enrollment is called in faults."""

BODIES = (".md", ".html")


class Letter(Value):
    """A mail as written; `text` is its file of plain text, `body` what stands for its file's.

    `tongue` is the language that its file's name says, `attached` where its attachments are named.
    """

    file: str
    tongue: str | None = None
    text: str | None = None
    body: Line | None = None
    subject: Line | None = None
    preheader: Line | None = None
    layout: Line | None = None
    sender: Sender | None = None
    attachments: tuple[Attachment, ...] = ()
    attached: Line | None = None
    job: str | None = None

    @property
    def is_markdown(self) -> bool:
        """Tell whether the body is Markdown, not HTML."""
        return self.file.endswith(".md")

    def rewritten(self, by: Rewritten) -> "Letter":
        """Give the mail with another body, in Markdown, and the subject that goes with it."""
        subject = self.subject if by.subject is None else _rewritten(by.subject)
        body = {"file": REWRITTEN, "text": None, "body": _rewritten(body_of(by.body))}
        return self.model_copy(update={**body, "subject": subject})


def read_letter(content: Content, email: str, tongues: Tongues, chain: Chain = ()) -> Letter:
    """Find and read the files of the mail `email` in the nearest language; raises Faulty.

    What the file of a language leaves out of `from`, `layout`, `attachments` and `job` is as the
    plain file says; its subject and preheader are its own.
    """
    plain = _file(content, email)
    file = _in_language(content, email, tongues, chain) or plain
    front = read_front(file, content.files[file])
    if file != plain:
        front = _completed(front, read_front(plain, content.files[plain]))
    text = str(PurePosixPath(file).with_suffix(".txt"))
    return Letter(
        file=file,
        tongue=None if file == plain else tag_of(file),
        text=text if text in content.files else None,
        subject=front.subject,
        preheader=front.preheader,
        layout=front.layout,
        sender=_sender(content, front),
        attachments=front.attachments or (),
        attached=front.attachments_line,
        job=front.job.text if front.job else None,
    )


def _completed(front: Front, plain: Front) -> Front:
    said = front.model_dump(exclude_none=True)
    kept = {name: getattr(plain, name) for name in _FALLING_BACK if name not in said}
    return front.model_copy(update=kept)


def _in_language(content: Content, email: str, tongues: Tongues, chain: Chain) -> str | None:
    for tag in chain:
        found = [name for body in BODIES if (name := tongues.find(f"{email}.{tag}{body}", ()))]
        if found:
            return _only(found, content, f"{email}.{tag}")
    return None


def _file(content: Content, email: str) -> str:
    return _only([f"{email}{body}" for body in BODIES], content, email)


def _only(files: list[str], content: Content, mail: str) -> str:
    found = [file for file in files if file in content.files]
    if len(found) == 1:
        return found[0]
    problem = "there are two of it" if found else "there is no such mail"
    mend = f"keep one of {found[0]} and {found[1]}" if found else f"write {mail}.md"
    raise Faulty(TemplateFault(file=mail, problem=problem, mend=mend))


def _sender(content: Content, front: Front) -> Sender | None:
    written = front.sender
    if isinstance(written, tuple):
        return tuple(_mailbox(content, one, front) for one in written)
    if written is None or written == "owner":
        return None if written is None else "owner"
    return _mailbox(content, written, front)


def _mailbox(content: Content, written: WrittenSender, front: Front) -> Mailbox:
    word = written.email if isinstance(written, Mailbox) else str(written)
    if "@" in word:
        return written if isinstance(written, Mailbox) else Mailbox(email=word)
    if word in content.mailboxes and not isinstance(written, Mailbox):
        return content.mailboxes[word]
    place = front.sender_line
    near = get_close_matches(word, content.mailboxes, 1)
    mend = f"did you mean {near[0]}?" if near else SENDER_MEND
    raise Faulty(
        TemplateFault(
            file=place.file if place else "",
            line=place.line if place else None,
            problem="from is not right",
            mend=mend,
        )
    )


def _rewritten(text: str) -> Line:
    return Line(file=REWRITTEN, line=1, text=text)


_FALLING_BACK = (
    *("job", "layout", "sender", "sender_line"),
    *("attachments", "attachments_line"),
)

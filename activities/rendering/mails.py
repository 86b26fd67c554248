"""A version's mails, rendered; what does not depend on values is done once and kept."""

import re
from functools import lru_cache

from markupsafe import Markup, escape

from activities.rendering.environment import MARKS
from activities.rendering.layouts import footer, with_preheader
from activities.rendering.letters import Letter, read_letter
from activities.rendering.marks import Marks
from activities.rendering.plain import plain_text
from activities.rendering.records import Record, fact
from activities.rendering.rendered import Faulty, Heading, Line, Rendered, TemplateFault, Variables
from activities.rendering.shapes import finished, html_of
from activities.rendering.templates import MOST_CHARACTERS, Templates, name_of, too_long
from schemas.content import Content, Mailbox

_SHAPES = 256
_LONGEST_SUBJECT = 500
_OVERRIDE = "the subject in sequence.yaml"
_WHOLE_DOCUMENT = re.compile(r"<html\b", re.IGNORECASE)
# A line break in a subject would begin another header (RFC 5322 section 2.2).
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def render(
    content: Content, email: str, *, variables: Variables, heading: Heading | None = None
) -> Rendered | TemplateFault:
    """Render one mail; to render many of one version, keep its Mails."""
    return Mails(content).render(email, variables, heading or Heading())


class Mails:
    """The mails of one version; safe to share between threads."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._templates = Templates(content.files)
        self._letter = lru_cache(_SHAPES)(lambda email: read_letter(content, email))
        self._html = lru_cache(_SHAPES)(html_of)
        self._finished = lru_cache(_SHAPES)(finished)

    def letter(self, email: str) -> Letter | TemplateFault:
        """Give what the mail's front matter says."""
        try:
            return self._letter(email)
        except Faulty as error:
            return error.fault

    def render(
        self, email: str, variables: Variables, heading: Heading
    ) -> Rendered | TemplateFault:
        """Render one mail for one contact."""
        try:
            return self._rendered(self._letter(email), variables, heading)
        except Faulty as error:
            return error.fault

    def faults(self, email: str) -> tuple[TemplateFault, ...]:
        """Find what is wrong with a mail whoever gets it; values that are missing come later."""
        letter = self.letter(email)
        if isinstance(letter, TemplateFault):
            return (letter,)
        lines = [name_of(line) for line in (letter.subject, letter.preheader) if line]
        names = [
            letter.file,
            self._templates.layout,
            *lines,
            *([letter.text] if letter.text else []),
        ]
        return tuple(fault for name in names if (fault := self._fault(name)))

    def _fault(self, name: str) -> TemplateFault | None:
        try:
            self._templates.check(name)
        except Faulty as error:
            return error.fault
        return None

    def _rendered(self, letter: Letter, variables: Variables, heading: Heading) -> Rendered:
        marks = Marks()
        names = self._names(variables, marks)
        subject = self._subject(letter, heading, names, marks)
        preheader = self._line(letter.preheader, names)
        document = self._document(letter, names, subject=subject, preheader=preheader)
        shape = self._finished(document, letter.file)
        text = self._written(letter, names) or shape.text
        rendered = Rendered(
            subject=_one_line(marks.fill(subject)),
            preheader=_one_line(marks.fill(preheader)),
            html=marks.fill(with_preheader(shape.html, preheader), _escaped),
            text=marks.fill(text),
        )
        return _sound(rendered, letter, variables.unsubscribe_url)

    def _names(self, variables: Variables, marks: Marks) -> dict[str, object]:
        url = variables.unsubscribe_url
        postal_address = self._content.postal_address
        return {
            MARKS: marks,
            "contact": Record(variables.contact, "contact"),
            "data": Record(variables.data, "data"),
            "key": fact(variables.key, "key"),
            "owner": _person(variables.owner, "owner"),
            "sender": _person(variables.sender, "sender"),
            "sequence": variables.sequence,
            "step": variables.step,
            "unsubscribe_url": fact(url, "unsubscribe_url"),
            "postal_address": fact(postal_address, "postal_address"),
            "footer": footer(postal_address, None if url is None else marks.mark(url)),
        }

    def _subject(
        self, letter: Letter, heading: Heading, names: dict[str, object], marks: Marks
    ) -> str:
        if heading.override is not None:
            return self._line(Line(file=_OVERRIDE, line=1, text=heading.override), names)
        if heading.thread is not None:
            return marks.mark(heading.thread)
        own = letter.subject or heading.fallback
        if own is None:
            problem = "the mail has no subject"
            mend = "write `subject: …` between two lines `---` at its top"
            raise Faulty(TemplateFault(file=letter.file, line=1, problem=problem, mend=mend))
        return self._line(own, names)

    def _line(self, line: Line | None, names: dict[str, object]) -> str:
        return "" if line is None else _one_line(self._templates.render(name_of(line), names))

    def _document(
        self, letter: Letter, names: dict[str, object], *, subject: str, preheader: str
    ) -> str:
        body = self._templates.render(letter.file, names)
        if letter.is_markdown:
            body = self._html(body)
        elif _WHOLE_DOCUMENT.search(body):
            return body
        parts = {
            "body": Markup(body),  # noqa: S704 it holds marks still, no values
            "subject": escape(subject),
            "preheader": escape(preheader),
        }
        return self._templates.render(self._templates.layout, {**names, **parts})

    def _written(self, letter: Letter, names: dict[str, object]) -> str:
        if letter.text is None:
            return ""
        text = self._templates.render(letter.text, names).strip()
        foot = plain_text(str(names["footer"])).strip()
        return f"{text}\n\n-- \n{foot}\n" if foot else f"{text}\n"


def _sound(mail: Rendered, letter: Letter, url: str | None) -> Rendered:
    if max(len(mail.html), len(mail.text)) > MOST_CHARACTERS:
        raise too_long(letter.file)
    if not mail.subject or len(mail.subject) > _LONGEST_SUBJECT:
        problem = "the subject is empty" if not mail.subject else "the subject is too long"
        raise Faulty(
            TemplateFault(file=letter.file, problem=problem, mend="write 1 to 500 letters")
        )
    if url is not None and str(escape(url)) not in mail.html:
        problem = "this marketing mail has no unsubscribe link"
        raise Faulty(
            TemplateFault(file=letter.file, problem=problem, mend="write {{ footer }} in it")
        )
    return mail


def _person(mailbox: Mailbox | None, path: str) -> Record:
    if mailbox is None:
        return Record({}, path)
    first_name = mailbox.name.partition(" ")[0]
    return Record({"name": mailbox.name, "first_name": first_name, "email": mailbox.email}, path)


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


def _escaped(value: str) -> str:
    return str(escape(value))

"""One mail in the making: what it is written on, what it may name, its lines and its text."""

import re
from typing import NamedTuple

from markupsafe import Markup, escape

from activities.rendering.dates import TONGUE
from activities.rendering.environment import MARKS
from activities.rendering.layouts import footer
from activities.rendering.letters import Letter
from activities.rendering.marks import Marks
from activities.rendering.plain import plain_text
from activities.rendering.records import Record, fact
from activities.rendering.rendered import Faulty, Heading, Line, Rendered, TemplateFault, Variables
from activities.rendering.templates import MOST_CHARACTERS, Templates, name_of, too_long
from schemas.content import Mailbox

_LONGEST_SUBJECT = 500
_OVERRIDE = "the subject in sequence.yaml"
# A line break in a subject would begin another header (RFC 5322 section 2.2).
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


class Paper(NamedTuple):
    """What one mail is written on: its files, their templates, and what they may name."""

    letter: Letter
    templates: Templates
    names: dict[str, object]
    marks: Marks


def names_for(
    variables: Variables, postal_address: str, marks: Marks, tongue: str | None
) -> dict[str, object]:
    """Give what a mail in the language `tongue` may name, but the snippets."""
    url = variables.unsubscribe_url
    return {
        MARKS: marks,
        TONGUE: tongue,
        "contact": Record(variables.contact, "contact"),
        "data": Record(variables.data, "data"),
        "key": fact(variables.key, "key"),
        "owner": _person(variables.owner, "owner"),
        "sender": _person(variables.sender, "sender"),
        "sequence": variables.sequence,
        "step": variables.step,
        "unsubscribe_url": fact(url, "unsubscribe_url"),
        "postal_address": fact(postal_address, "postal_address"),
        "footer": footer(postal_address, None if url is None else marks.mark(url), tongue),
    }


def subject_of(paper: Paper, heading: Heading) -> str:
    """Give the subject, its values still marks: the step's, the thread's or the mail's own."""
    if heading.override is not None:
        return line_of(paper, Line(file=_OVERRIDE, line=1, text=heading.override))
    if heading.thread is not None:
        return paper.marks.mark(heading.thread)
    own = paper.letter.subject or heading.fallback
    if own is None:
        problem = "the mail has no subject"
        mend = "write `subject: …` between two lines `---` at its top"
        raise Faulty(TemplateFault(file=paper.letter.file, line=1, problem=problem, mend=mend))
    return line_of(paper, own)


def line_of(paper: Paper, line: Line | None) -> str:
    """Give a template of one line rendered."""
    return "" if line is None else one_line(paper.templates.render(name_of(line), paper.names))


def text_of(paper: Paper) -> str:
    """Give the plain text that is written by hand, with the footer; nothing if there is none."""
    if paper.letter.text is None:
        return ""
    foot = plain_text(str(paper.names["footer"])).strip()
    names = {**paper.names, "footer": Markup(foot)}  # noqa: S704 it holds marks still, no values
    text = paper.templates.render(paper.letter.text, names).strip()
    return f"{text}\n\n-- \n{foot}\n" if foot and foot not in text else f"{text}\n"


def sound(mail: Rendered, letter: Letter, url: str | None) -> Rendered:
    """Give the mail if it may go: not too long, with a subject, with a way out if `url` is one."""
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


def one_line(text: str) -> str:
    """Give a text without line breaks and other controls."""
    return _CONTROLS.sub(" ", text).strip()


def escaped(value: str) -> str:
    """Give a value as it stands in HTML."""
    return str(escape(value))

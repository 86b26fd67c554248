"""The mails of a sequence's folder: which there are, and whether each can be a mail."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateError, meta

from activities.rendering.mails import Mails
from activities.rendering.rendered import Faulty, Line, TemplateFault
from activities.rendering.templates import Templates, name_of
from authoring.documents import Node
from authoring.faults import Findings, Slip, Spot
from authoring.fields import report
from authoring.files import read_text
from authoring.readers import text
from schemas.content import Content
from schemas.sequence import EmailStep, Sequence

LAYOUT = "layout.html"


def mails_in(names: frozenset[str]) -> frozenset[str]:
    """Name the mails among a folder's files: `<name>.md` and `<name>.html`, but the layout."""
    bodies = [Path(name) for name in names if name.endswith(_BODIES) and name != LAYOUT]
    return frozenset(body.stem for body in bodies)


def read_files(
    folder: Path, names: frozenset[str], sequence: Sequence, findings: Findings
) -> dict[str, str]:
    """Read the files that the sequence's mails are made of, those they include among them.

    Others in the folder are left out, so that a draft that lies about changes no version.
    """
    wanted = [f"{email}{suffix}" for email in _emails(sequence) for suffix in (*_BODIES, ".txt")]
    waiting = [name for name in (*wanted, LAYOUT) if name in names]
    files: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        source = None if name in files else read_text(folder / name, findings)
        if source is not None:
            files[name] = source
            waiting.extend(_included(folder / name, names, source, findings))
    return files


def check_mails(folder: Path, sequence: Sequence, content: Content, findings: Findings) -> None:
    """Check each mail as far as that can be done without a contact."""
    mails = Mails(content)
    for email in _emails(sequence):
        if email not in mails_in(frozenset(content.files)):
            continue
        for fault in mails.faults(email):
            _put_down(folder, content, fault, findings)
        letter = mails.letter(email)
        if isinstance(letter, TemplateFault) or letter.subject is not None:
            continue
        for step in _without_subject(sequence, email):
            at = Spot(file=str(folder / letter.file))
            problem = f"the mail has no subject, and step `{step}` gives it none"
            findings.add(at, "", problem, "write `subject: …` between two lines `---` at its top")


def read_subject(node: Node, findings: Findings) -> str | None:
    """Read a subject, which is a template of one line."""
    subject = text(node, findings)
    if subject is None:
        return None
    try:
        Templates({}).check(name_of(Line(file="subject", line=1, text=subject)))
    except Faulty as error:
        word = _word(error.fault, subject)
        offset = max(subject.find(word), 0) if word else 0
        slip = Slip(offset=offset, text=word, problem=error.fault.problem, mend=error.fault.mend)
        report(node, slip, findings)
    return subject


def _emails(sequence: Sequence) -> list[str]:
    return sorted({step.email for step in sequence.steps if isinstance(step, EmailStep)})


def _without_subject(sequence: Sequence, email: str) -> Iterator[str]:
    for step in sequence.steps:
        if isinstance(step, EmailStep) and step.email == email:
            yield from () if step.thread or step.subject else (step.id,)


def _included(file: Path, names: frozenset[str], source: str, findings: Findings) -> Iterator[str]:
    try:
        references = set(meta.find_referenced_templates(Environment(autoescape=True).parse(source)))
    except (TemplateError, ValueError, RecursionError):
        return  # said by the check of the mail itself
    for reference in sorted(references, key=str):
        if reference in names:
            yield str(reference)
            continue
        at = Spot(file=str(file), line=_line_of(source, reference or "include"))
        problem = f"`{reference}` is not in the sequence's folder"
        if reference is None:
            problem = "the name of an included file must be written out"
        findings.add(at, reference or "", problem, "include a file that lies beside this one")


def _put_down(folder: Path, content: Content, fault: TemplateFault, findings: Findings) -> None:
    lines = content.files.get(fault.file, "").splitlines()
    number = fault.line or 1
    line = lines[number - 1] if number <= len(lines) else ""
    word = _word(fault, line)
    column = line.find(word) + 1 if word else 1
    at = Spot(file=str(folder / fault.file), line=number, column=column)
    findings.add(at, word or line.strip(), fault.problem, fault.mend)


def _word(fault: TemplateFault, line: str) -> str:
    words = (word.strip("`'\".,:") for word in fault.problem.split())
    return next((word for word in words if len(word) > 1 and word in line), "")


def _line_of(source: str, word: str) -> int:
    return source[: max(source.find(word), 0)].count("\n") + 1


_BODIES = (".md", ".html")

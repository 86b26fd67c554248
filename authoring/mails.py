"""The mails of a sequence's folder: which there are, and whether each can be a mail."""

import re
from collections.abc import Iterator
from pathlib import Path

from activities.rendering.mails import Mails
from activities.rendering.rendered import Faulty, Line, TemplateFault
from activities.rendering.templates import SNIPPET, check_text
from activities.rendering.tongues import tag_of
from authoring.sources import SEQUENCE_FILE, Sources, emails_of
from authoring.text.documents import Node
from authoring.text.faults import Findings, Slip, Spot
from authoring.text.fields import report
from authoring.text.readers import text
from schemas.content import Content
from schemas.sequence import Sequence
from schemas.steps import NotifyStep

LAYOUT = "layout.html"


def mails_in(names: frozenset[str]) -> frozenset[str]:
    """Name the mails among a folder's files: `<name>.md` and `<name>.html`, but the layout."""
    bodies = [Path(name) for name in names if name.endswith(_BODIES) and name != LAYOUT]
    return frozenset(body.stem for body in bodies)


def arm_email(mail: str, arm: str, given: str | None, names: frozenset[str]) -> str:
    """Name the mail that an arm sends: the one given, else `<mail>.<arm>` if it is among `names`.

    An arm without a mail of its own sends the step's.
    """
    beside = f"{mail}.{arm}"
    return given or (beside if beside in names else mail)


def check_mails(sources: Sources, sequence: Sequence, content: Content, findings: Findings) -> None:
    """Check each mail, in each language, as far as that can be done without a contact."""
    mails, desk = Mails(content), _Desk(sources, content, findings)
    there = mails_in(frozenset(content.files))
    for email in emails_of(sequence):
        if email in there:
            for fault in mails.faults(email):
                desk.put_down(fault)
            _check_subjects(mails, sequence, email, desk)
    for fault in (*mails.snippet_faults(), *_line_faults(mails, sequence)):
        desk.put_down(fault)
    _check_languages(sources, sequence, findings)
    _check_arms(sources, sequence, findings)


def read_subject(node: Node, findings: Findings) -> str | None:
    """Read a subject, which is a template of one line."""
    subject = text(node, findings)
    if subject is None:
        return None
    try:
        check_text(Line(file="subject", line=1, text=subject))
    except Faulty as error:
        word = _word(error.fault, subject)
        offset = max(subject.find(word), 0) if word else 0
        slip = Slip(offset=offset, text=word, problem=error.fault.problem, mend=error.fault.mend)
        report(node, slip, findings)
    return subject


def _check_subjects(mails: Mails, sequence: Sequence, email: str, desk: "_Desk") -> None:
    others = frozenset(emails_of(sequence)) - {email}
    for letter in mails.letters(email):
        if isinstance(letter, TemplateFault) or letter.subject is not None:
            continue
        if Path(letter.file).stem in others:
            continue  # an arm's mail, whose name looks like a language
        for step in _without_subject(sequence, email):
            problem = f"the mail has no subject, and step `{step}` gives it none"
            mend = "write `subject: …` between two lines `---` at its top"
            desk.put_down(TemplateFault(file=letter.file, line=1, problem=problem, mend=mend))


def _without_subject(sequence: Sequence, email: str) -> Iterator[str]:
    for step in sequence.emails:
        forms = [(arm.email, arm.subject) for arm in step.arms] or [(step.email, None)]
        bare = any(mail == email and subject is None for mail, subject in forms)
        if bare and not step.thread and not step.subject:
            yield step.id


def _line_faults(mails: Mails, sequence: Sequence) -> Iterator[TemplateFault]:
    """Find the snippets that subjects and notices name in vain; the rest was said when read."""
    subjects = [step.subject for step in sequence.emails]
    subjects += [arm.subject for step in sequence.emails for arm in step.arms]
    notices = [step.text for step in sequence.steps if isinstance(step, NotifyStep)]
    for text_of_line in (*subjects, *notices):
        line = Line(file=SEQUENCE_FILE, line=1, text=text_of_line or "")
        if _is_template(line):
            yield from mails.line_faults(line)


def _is_template(line: Line) -> bool:
    try:
        check_text(line)
    except Faulty:
        return False
    return True


def _check_languages(sources: Sources, sequence: Sequence, findings: Findings) -> None:
    emails = frozenset(emails_of(sequence))
    for name in sorted(one.name for one in sources.folder.iterdir()) if sources.languages else ():
        tag, stem = tag_of(name), Path(Path(name).stem).stem
        if tag is None or stem not in emails or Path(name).stem in emails:
            continue
        if name.endswith(_BODIES) and not sources.is_language(tag):
            problem = f"`{tag}` is not one of the project's `languages`"
            mend = "add it to `languages` in postroad.yaml, or rename the file"
            findings.add(Spot(file=str(sources.folder / name)), tag, problem, mend)


def _check_arms(sources: Sources, sequence: Sequence, findings: Findings) -> None:
    for step in sequence.emails:
        for arm in step.arms:
            tag = tag_of(f"{arm.email}.md")
            if arm.email == f"{step.email}.{arm.name}" and tag and sources.is_language(tag):
                problem = (
                    f"`{arm.email}` would be both the variant `{tag}` and the language `{tag}`"
                )
                at = Spot(file=str(sources.folder / SEQUENCE_FILE))
                findings.add(at, arm.name, problem, "call the variant `a` or `b`, say")


class _Desk:
    """Where faults of templates are put down with their places."""

    def __init__(self, sources: Sources, content: Content, findings: Findings) -> None:
        self._sources, self._content, self._findings = sources, content, findings

    def put_down(self, fault: TemplateFault) -> None:
        file, lines, number = self._place(fault)
        line = lines[number - 1] if number <= len(lines) else ""
        word = _word(fault, line)
        column = line.find(word) + 1 if word else 1
        at = Spot(file=file, line=number, column=column)
        self._findings.add(at, word or line.strip(), fault.problem, fault.mend)

    def _place(self, fault: TemplateFault) -> tuple[str, list[str], int]:
        if fault.file in self._content.files:
            lines = self._content.files[fault.file].splitlines()
            return self._sources.shown(fault.file), lines, fault.line or 1
        return self._authored(fault)

    def _authored(self, fault: TemplateFault) -> tuple[str, list[str], int]:
        """Find a snippet where it is written, or the line that names one that is not there."""
        named = re.escape(fault.file.removeprefix(SNIPPET))
        missing = re.escape(fault.problem.split()[-1])
        is_snippet = fault.file.startswith(SNIPPET)
        wanted = rf"^\s+['\"]?{named}['\"]?\s*:" if is_snippet else rf"snippets\W+{missing}\b"
        for path in self._sources.authored:
            lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
            for number, line in enumerate(lines, 1):
                if re.search(wanted, line):
                    return str(path), lines, number
        return str(self._sources.folder / SEQUENCE_FILE), [], 1


def _word(fault: TemplateFault, line: str) -> str:
    words = (word.strip("`'\".,:") for word in fault.problem.split())
    return next((word for word in words if len(word) > 1 and word in line), "")


_BODIES = (".md", ".html")

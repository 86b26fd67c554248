"""The files that a sequence's mails are made of, found in its folder and in the shared one."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jinja2 import Environment, TemplateError, meta

from activities.letters.attachments import MOST_OF_A_FILE, MOST_OF_A_MAIL, refused, unwanted
from activities.rendering.fronts import Attachment, Front, read_front
from activities.rendering.layouts import NO_LAYOUT, layout_files
from activities.rendering.letters import BODIES
from activities.rendering.rendered import Faulty
from activities.rendering.tongues import tag_of
from authoring.text.faults import Findings, Spot
from authoring.text.files import read_text
from schemas.content import Content
from schemas.sequence import Sequence

SEQUENCE_FILE, PROJECT_FILE = "sequence.yaml", "postroad.yaml"


@dataclass(frozen=True)
class Sources:
    """Where files lie, or links within the project: the sequence's folder, then `shared` beside it.

    `languages` are those that the project writes in; without any, each two-letter tag is one.
    """

    folder: Path
    project: Path | None = None
    languages: tuple[str, ...] = ()

    def place(self, name: str) -> Path | None:
        """Give the file of this name; None if there is none, or the name leads elsewhere."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            return None
        try:
            return next((at / name for at in self._rooms if self._holds(at / name)), None)
        except (OSError, ValueError):
            return None  # no file can have such a name

    def shown(self, name: str) -> str:
        """Give the path that a fault in a file of this name shows."""
        return str(self.place(name) or self.folder / name)

    @property
    def authored(self) -> tuple[Path, ...]:
        """Give the files that hold snippets and subjects: the sequence's, then the project's."""
        own, above = self.folder / SEQUENCE_FILE, (self.project or self.folder) / PROJECT_FILE
        return tuple(path for path in (own, above) if path.is_file())

    def in_languages(self, name: str) -> list[str]:
        """Name the files that stand for `name` in a language."""
        path = PurePosixPath(name)
        beside = (one for room in self._rooms for one in _names(room / path.parent))
        found = {str(path.with_name(one)) for one in beside if self._is_of(path, one)}
        return sorted(found)

    def is_language(self, tag: str) -> bool:
        """Tell whether a mail may be written in this language."""
        known = [one.lower() for one in self.languages]
        primary = tag.lower().partition("-")[0]
        if known:
            return tag.lower() in known or primary in known
        return len(primary) == _TWO_LETTERS

    @property
    def _rooms(self) -> tuple[Path, ...]:
        return (self.folder,) if self.project is None else (self.folder, self.project / "shared")

    def _holds(self, file: Path) -> bool:
        whole = self.project or self.folder
        return file.is_file() and file.resolve().is_relative_to(whole.resolve())

    def _is_of(self, path: PurePosixPath, name: str) -> bool:
        tag = tag_of(name)
        rest = PurePosixPath(name)
        named = rest.suffix == path.suffix and PurePosixPath(rest.stem).stem == path.stem
        return named and tag is not None and self.is_language(tag)


def emails_of(sequence: Sequence) -> list[str]:
    """Name the mails that a sequence may send, those of its arms included."""
    return sorted(
        {
            email
            for step in sequence.emails
            for email in ([arm.email for arm in step.arms] or [step.email])
        }
    )


def fill(content: Content, sequence: Sequence, sources: Sources, findings: Findings) -> Content:
    """Give the content with its files: mails, layouts, what they include and what they attach.

    Others in the folder are left out, so that a draft that lies about changes no version.
    """
    reading = _Reading(content, sources, findings)
    reading.take_layout(content.layout, layout_files(content.layout))
    for email in emails_of(sequence):
        for name in [f"{email}{suffix}" for suffix in (*BODIES, ".txt")]:
            reading.take_mail(name)
    reading.read_all()
    used = {name: box for name, box in content.mailboxes.items() if name in reading.senders}
    return content.model_copy(
        update={"files": reading.files, "attachments": reading.attachments, "mailboxes": used}
    )


@dataclass
class _Reading:
    content: Content
    sources: Sources
    findings: Findings
    files: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, str] = field(default_factory=dict)
    senders: set[str] = field(default_factory=set)
    _waiting: list[str] = field(default_factory=list)
    _mails: set[str] = field(default_factory=set)

    def take_mail(self, name: str) -> None:
        for one in (name, *self.sources.in_languages(name)):
            if self.sources.place(one) is not None:
                self._mails.add(one)
                self._waiting.append(one)

    def take_layout(self, named: str | None, candidates: tuple[str, ...]) -> None:
        if named == NO_LAYOUT:
            return
        found = next((one for one in candidates if self.sources.place(one) is not None), None)
        if found is not None:
            self._waiting.extend((found, *self.sources.in_languages(found)))

    def read_all(self) -> None:
        while self._waiting:
            name = self._waiting.pop()
            path = self.sources.place(name)
            if name in self.files or path is None:
                continue
            source = read_text(path, self.findings)
            if source is not None:
                self.files[name] = source
                self._look_into(name, source)

    def _look_into(self, name: str, source: str) -> None:
        for reference in _included(source):
            if self._is_includable(name, source, reference):
                self._waiting.extend((reference or "", *self.sources.in_languages(reference or "")))
        if name not in self._mails:
            return
        try:
            front = read_front(name, source)
        except Faulty:
            return  # said by the check of the mail itself
        if front.layout is not None:
            self.take_layout(front.layout.text, layout_files(front.layout.text))
        self.senders.update(_senders_in(front))
        self._attach(name, front)

    def _is_includable(self, name: str, source: str, reference: str | None) -> bool:
        if reference is not None and self.sources.place(reference) is not None:
            if name.endswith(".html") and reference.endswith(".md"):
                problem = f"`{reference}` is Markdown, and `{name}` is not"
                mend = "write what HTML includes as HTML"
                self._fault_at(name, source, reference, problem, mend)
            return True
        problem = f"`{reference}` is neither in the sequence's folder nor in `shared`"
        mend = "include a file that lies beside this one"
        if reference is None:
            problem = "the name of an included file must be written out"
        elif self.sources.project is None:
            problem = f"`{reference}` is not in the sequence's folder"
        self._fault_at(name, source, reference or "", problem, mend)
        return False

    def _fault_at(self, name: str, source: str, word: str, problem: str, mend: str) -> None:
        line = source[: max(source.find(word or "include"), 0)].count("\n") + 1
        self.findings.add(Spot(file=self.sources.shown(name), line=line), word, problem, mend)

    def _attach(self, name: str, front: Front) -> None:
        size = sum(self._taken(front, one) for one in front.attachments or ())
        if size > MOST_OF_A_MAIL:
            problem = "the attachments of this mail are over 10 MB together"
            self._fault_of(front, name, problem, "link to one of them instead")

    def _taken(self, front: Front, one: Attachment) -> int:
        ending = refused(one.shown_name)
        if ending:
            problem = f"mail servers refuse files that end in {ending}"
            self._fault_of(front, one.shown_name, problem, "link to it instead, or send a PDF")
        if one.file:
            return self._bytes_of(front, one.file)
        problem = unwanted(one.url, self.content.attachment_urls)
        if problem:
            self._fault_of(front, one.url, f"`{one.url}` cannot be attached: {problem}", "")
        return 0

    def _bytes_of(self, front: Front, name: str) -> int:
        path = self.sources.place(name)
        if path is None:
            problem = f"there is no file `{name}` to attach"
            self._fault_of(front, name, problem, "put it into the sequence's folder")
            return 0
        held = _bytes_in(path)
        if isinstance(held, str):
            self._fault_of(front, name, f"`{name}` {held}", "attach another file, or link to it")
            return 0
        self.attachments[name] = base64.b64encode(held).decode()
        return len(held)

    def _fault_of(self, front: Front, word: str, problem: str, mend: str) -> None:
        place = front.attachments_line
        file, line = (place.file, place.line or 1) if place else ("", 1)
        self.findings.add(Spot(file=self.sources.shown(file), line=line), word, problem, mend)


def _included(source: str) -> Iterator[str | None]:
    try:
        parsed = Environment(autoescape=True).parse(source)
        yield from sorted(set(meta.find_referenced_templates(parsed)), key=str)
    except (TemplateError, ValueError, RecursionError):
        return  # said by the check of the mail itself


def _senders_in(front: Front) -> Iterator[str]:
    written = front.sender if isinstance(front.sender, tuple) else (front.sender,)
    yield from (one for one in written if isinstance(one, str))


def _bytes_in(path: Path) -> bytes | str:
    try:
        size = path.stat().st_size
        if 0 < size <= MOST_OF_A_FILE:
            return path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror or 'unknown'}"
    return "is larger than 5 MB" if size else "is empty"


def _names(folder: Path) -> list[str]:
    try:
        return [one.name for one in folder.iterdir() if one.is_file()]
    except OSError:
        return []


_TWO_LETTERS = 2

"""A version's templates: found by name, checked when first read, rendered within bounds."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import PurePosixPath

from jinja2 import TemplateNotFound

from activities.rendering.bounds import counted
from activities.rendering.environment import (
    LAYOUT_NAMES,
    NAMES,
    Known,
    MailEnvironment,
    check_names,
    includes_in,
    names_in,
)
from activities.rendering.failures import FAILURES, fault_of
from activities.rendering.fronts import body_of
from activities.rendering.layouts import BUILT_IN, BUILT_IN_SOURCE, NO_LAYOUT, layout_files
from activities.rendering.rendered import Faulty, Line, TemplateFault
from activities.rendering.tongues import Chain, Tongues
from schemas.content import Content

MOST_CHARACTERS = 1_000_000
"""How long a template's output, and a whole mail, may be; Gmail cuts mails off at a tenth of it."""

_SPLIT = "\0"
_AS_LAYOUT = "\1"


class Templates:
    """Templates of the files of one version in one language, compiled once."""

    def __init__(self, content: Content, tongues: Tongues, chain: Chain = ()) -> None:
        self._content = content
        self._tongues = tongues
        self._chain = chain
        self._environment = MailEnvironment(self._load)

    def layout(self, wanted: Line | None) -> str | None:
        """Give the layout of a mail that asks for `wanted`; None if it is to have none.

        Without a wish that is the sequence's, else `layout.html`, else the built-in one.
        """
        named = wanted.text if wanted else self._content.layout
        if named == NO_LAYOUT:
            return None
        for name in layout_files(named):
            if self._tongues.find(name, self._chain) is not None:
                return f"{_AS_LAYOUT}{name}"
        if named is None:
            return f"{_AS_LAYOUT}{BUILT_IN}"
        raise Faulty(self._no_layout(named, wanted))

    def check(self, name: str) -> None:
        """Raise Faulty if the template is wrong in a way that takes no values to see."""
        try:
            self._environment.get_template(name)
        except FAILURES as error:
            raise Faulty(fault_of(error, _file(name))) from None

    def with_parts(self, name: str) -> tuple[str, ...]:
        """Give a template's name and those of all that it includes, as far as they are there."""
        found, waiting = {name: None}, [name]
        while waiting:
            _, source = self._source(waiting.pop().removeprefix(_AS_LAYOUT))
            for part in self._included(source):
                if part not in found and self._tongues.find(part, self._chain) is not None:
                    found[part] = None
                    waiting.append(part)
        return tuple(found)

    def names(self, name: str) -> set[str]:
        """Give what a template names, without what it includes; raises Faulty."""
        try:
            return names_in(self._environment, self._source(name.removeprefix(_AS_LAYOUT))[1])
        except FAILURES as error:
            raise Faulty(fault_of(error, _file(name))) from None

    def check_includes(self, line: Line) -> None:
        """Raise Faulty if the text includes what is not there."""
        for name in includes_in(self._environment, line.text):
            if name is None or self._tongues.find(name, self._chain) is None:
                problem = f"{name or 'a name that is worked out'} cannot be included here"
                mend = "include a file that a mail of this version includes"
                raise Faulty(TemplateFault(file=line.file, problem=problem, mend=mend))

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Give the template's output; raises Faulty."""
        try:
            with counted():
                pieces = self._environment.get_template(name).generate(values)
                return _bounded(pieces, _file(name))
        except FAILURES as error:
            raise Faulty(fault_of(error, _file(name))) from None

    def _included(self, source: str) -> list[str]:
        try:
            return sorted(name for name in includes_in(self._environment, source) if name)
        except FAILURES:
            return []  # told by the check of the template itself

    def _load(self, name: str) -> tuple[str, str]:
        is_layout, plain = name.startswith(_AS_LAYOUT), name.removeprefix(_AS_LAYOUT)
        file, source = self._source(plain)
        names = LAYOUT_NAMES if is_layout else NAMES
        if file.startswith(SNIPPET):
            names -= {"snippets"}
        known = Known(names, frozenset(self._content.snippets))
        check_names(self._environment, source, file, known)
        if is_layout and "body" not in names_in(self._environment, source):
            problem = "the layout has no place for the mail"
            raise Faulty(TemplateFault(file=file, problem=problem, mend="write {{ body }} in it"))
        return source, file

    def _source(self, name: str) -> tuple[str, str]:
        if name == BUILT_IN:
            return name, BUILT_IN_SOURCE
        if _SPLIT in name:
            place, line, text = name.split(_SPLIT, 2)
            return place, "\n" * (int(line) - 1) + text
        file = self._tongues.find(name, self._chain)
        if file is None:
            raise TemplateNotFound(name, f"{name} is not in the sequence's folder")
        return file, body_of(self._content.files[file])

    def _no_layout(self, named: str, wanted: Line | None) -> TemplateFault:
        stems = {PurePosixPath(file).stem for file in self._content.files if ".html" in file}
        near = get_close_matches(named, stems, 1)
        mend = f"did you mean {near[0]}?" if near else f"write layouts/{named}.html, or `none`"
        return TemplateFault(
            file=wanted.file if wanted else "sequence.yaml",
            line=wanted.line if wanted else None,
            problem=f"there is no layout {named}",
            mend=mend,
        )


SNIPPET = "snippets."
"""What the name of a snippet begins with in faults."""


def check_text(line: Line) -> None:
    """Raise Faulty if a text that stands in no file is no template; its snippets are not looked up.

    The whole text is the template; its place goes into the fault.
    """
    environment = MailEnvironment(lambda _: ("", ""))
    try:
        check_names(environment, line.text, line.file, Known(NAMES, None))
    except FAILURES as error:
        raise Faulty(fault_of(error, line.file)) from None


def snippet(name: str, text: str) -> Line:
    """Give a snippet as a template."""
    return Line(file=f"{SNIPPET}{name}", line=1, text=text)


def name_of(line: Line) -> str:
    """Give the name of a template that is no file."""
    return _SPLIT.join((line.file, str(line.line or 1), line.text))


def too_long(file: str) -> Faulty:
    """Make the fault of a mail that is too long."""
    return Faulty(TemplateFault(file=file, problem="the mail has over a million characters"))


def _file(name: str) -> str:
    return name.removeprefix(_AS_LAYOUT).partition(_SPLIT)[0]


def _bounded(pieces: Iterable[str], file: str) -> str:
    taken: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_CHARACTERS:
            raise too_long(file)
        taken.append(piece)
    return "".join(taken)

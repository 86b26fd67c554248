"""A version's templates: found by name, checked when first read, rendered within bounds."""

from collections.abc import Iterable, Mapping

from jinja2 import TemplateNotFound

from activities.rendering.environment import (
    LAYOUT_NAMES,
    NAMES,
    MailEnvironment,
    check_names,
    names_in,
)
from activities.rendering.failures import FAILURES, fault_of
from activities.rendering.layouts import BUILT_IN, BUILT_IN_SOURCE
from activities.rendering.letters import LAYOUT, body_of
from activities.rendering.rendered import Faulty, Line, TemplateFault

MOST_CHARACTERS = 1_000_000
"""How long a template's output, and a whole mail, may be; Gmail cuts mails off at a tenth of it."""

_SPLIT = "\0"


class Templates:
    """Templates of the files of one sequence's folder, compiled once."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._environment = MailEnvironment(self._load)

    @property
    def layout(self) -> str:
        """Give the layout's name: the folder's own, else the built-in one."""
        return LAYOUT if LAYOUT in self._files else BUILT_IN

    def check(self, name: str) -> None:
        """Raise Faulty if the template is wrong in a way that takes no values to see."""
        try:
            self._environment.get_template(name)
        except FAILURES as error:
            raise Faulty(fault_of(error, _file(name))) from None

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Give the template's output; raises Faulty."""
        try:
            pieces = self._environment.get_template(name).generate(values)
            return _bounded(pieces, _file(name))
        except FAILURES as error:
            raise Faulty(fault_of(error, _file(name))) from None

    def _load(self, name: str) -> tuple[str, str]:
        file, source = _file(name), self._source(name)
        known = LAYOUT_NAMES if file in {LAYOUT, BUILT_IN} else NAMES
        check_names(self._environment, source, file, known)
        if file == LAYOUT and "body" not in names_in(self._environment, source):
            problem = "the layout has no place for the mail"
            raise Faulty(TemplateFault(file=file, problem=problem, mend="write {{ body }} in it"))
        return source, file

    def _source(self, name: str) -> str:
        if name == BUILT_IN:
            return BUILT_IN_SOURCE
        if _SPLIT in name:
            _, line, text = name.split(_SPLIT, 2)
            return "\n" * (int(line) - 1) + text
        if name not in self._files:
            raise TemplateNotFound(name, f"{name} is not in the sequence's folder")
        return body_of(self._files[name])


def name_of(line: Line) -> str:
    """Give the name of a one-line template."""
    return _SPLIT.join((line.file, str(line.line or 1), line.text))


def too_long(file: str) -> Faulty:
    """Make the fault of a mail that is too long."""
    return Faulty(TemplateFault(file=file, problem="the mail has over a million characters"))


def _file(name: str) -> str:
    return name.partition(_SPLIT)[0]


def _bounded(pieces: Iterable[str], file: str) -> str:
    taken: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_CHARACTERS:
            raise too_long(file)
        taken.append(piece)
    return "".join(taken)

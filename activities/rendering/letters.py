"""A mail's files: front matter, body and written plain text, found in a version's content."""

import re

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from activities.rendering.rendered import Faulty, Line, Sender, TemplateFault
from schemas.content import Content
from schemas.values import Value

LAYOUT = "layout.html"

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEYS = {"subject": "subject", "preheader": "preheader", "job": "job", "from": "sender"}


class Letter(Value):
    """A mail as written; `text` is its file of plain text, if there is one."""

    file: str
    text: str | None = None
    subject: Line | None = None
    preheader: Line | None = None
    sender: Sender | None = None

    @property
    def is_markdown(self) -> bool:
        """Tell whether the body is Markdown, not HTML."""
        return self.file.endswith(".md")


class _Front(Value):
    subject: str | None = None
    preheader: str | None = None
    job: str | None = None
    sender: Sender | None = None


def read_letter(content: Content, email: str) -> Letter:
    """Find and read the files of the mail `email`; raises Faulty."""
    file = _file(content, email)
    found = _FRONT.match(_unix(content.files[file]))
    written = found[1] if found else ""
    front = _front(file, written)
    text = f"{email}.txt"
    return Letter(
        file=file,
        text=text if text in content.files else None,
        subject=_line(file, written, "subject", front.subject),
        preheader=_line(file, written, "preheader", front.preheader),
        sender=front.sender,
    )


def body_of(source: str) -> str:
    """Give what follows the front matter, at its own line numbers."""
    return _FRONT.sub(lambda found: "\n" * found[0].count("\n"), _unix(source))


def _unix(source: str) -> str:
    return source.removeprefix("\ufeff").replace("\r\n", "\n")


def _file(content: Content, email: str) -> str:
    found = [file for file in (f"{email}.md", f"{email}.html") if file in content.files]
    if len(found) == 1:
        return found[0]
    problem = "there are two of it" if found else "there is no such mail"
    mend = f"keep one of {found[0]} and {found[1]}" if found else f"write {email}.md"
    raise Faulty(TemplateFault(file=email, problem=problem, mend=mend))


def _front(file: str, written: str) -> _Front:
    fields = _fields(file, written)
    for key in fields:
        if key not in _KEYS:
            line = _line_of(written, str(key))
            mend = f"known are {', '.join(_KEYS)}"
            raise _faulty(file, line, f"{key} is not known in front matter", mend)
    try:
        return _Front.model_validate({_KEYS[key]: value for key, value in fields.items()})
    except ValidationError as error:
        field = error.errors()[0]["loc"][0]
        key = next(key for key, name in _KEYS.items() if name == field)
        mend = (
            "write `owner`, or {name: …, email: …}" if key == "from" else "write one line of text"
        )
        raise _faulty(file, _line_of(written, key), f"{key} is not right", mend) from None


def _fields(file: str, written: str) -> dict[str, object]:
    try:
        fields = YAML(typ="safe", pure=True).load(written)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else None
        mend = "put a value that holds a colon or braces in quotes"
        raise _faulty(file, line, "the front matter is not YAML", mend) from None
    except YAMLError:
        raise _faulty(file, 2, "the front matter is not YAML") from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise _faulty(file, 2, "the front matter is not a list of fields", "write `subject: …`")
    return fields


def _line(file: str, written: str, key: str, text: str | None) -> Line | None:
    return None if text is None else Line(file=file, line=_line_of(written, key), text=text)


def _line_of(written: str, key: str) -> int | None:
    found = re.search(rf"^['\"]?{re.escape(key)}['\"]?\s*:", written, re.MULTILINE)
    return written.count("\n", 0, found.start()) + 2 if found else None


def _faulty(file: str, line: int | None, problem: str, mend: str = "") -> Faulty:
    return Faulty(TemplateFault(file=file, line=line, problem=problem, mend=mend))

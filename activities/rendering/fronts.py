"""Front matter: what stands between the two lines `---` at the top of a mail's file."""

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from activities.rendering.rendered import Faulty, Line, TemplateFault
from schemas.content import Mailbox
from schemas.values import Value

_Several = Annotated[tuple[Mailbox | str, ...], Field(min_length=1)]
WrittenSender = Mailbox | str | _Several
"""A sender as written: a word is `owner`, names one of the project's mailboxes or is an address."""


class Attachment(Value):
    """A file that a mail carries: one of the folder, or one that is fetched when it is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = ""
    url: str = ""
    name: str = ""

    @model_validator(mode="after")
    def _one_source(self) -> "Attachment":
        if bool(self.file) == bool(self.url) or not self.shown_name.isprintable():
            raise ValueError("name one file or one url")
        return self

    @property
    def shown_name(self) -> str:
        """Give the name under which its reader gets it."""
        path = self.file or self.url.partition("?")[0].rstrip("/")
        return PurePosixPath(self.name or path).name or "attachment"


class Front(Value):
    """A file's front matter, with the places of its fields."""

    subject: Line | None = None
    preheader: Line | None = None
    job: Line | None = None
    layout: Line | None = None
    sender: WrittenSender | None = None
    sender_line: Line | None = None
    attachments: tuple[Attachment, ...] | None = None
    attachments_line: Line | None = None


def _as_mapping(written: object) -> object:
    return {"file": written} if isinstance(written, str) else written


_Written = Annotated[Attachment, BeforeValidator(_as_mapping)]


class _Fields(Value):
    subject: str | None = None
    preheader: str | None = None
    job: str | None = None
    layout: str | None = None
    sender: WrittenSender | None = None
    attachments: tuple[_Written, ...] | None = None


def read_front(file: str, source: str) -> Front:
    """Read a file's front matter, if it has one; raises Faulty."""
    found = _FRONT.match(_unix(source))
    if found is None:
        _refuse_half_a_front(file, _unix(source))
    written = found[1] if found else ""
    _refuse_comment_in_text(file, written)
    fields = _checked(file, written)

    def line(key: str) -> Line | None:
        text = getattr(fields, _KEYS[key])
        return None if text is None else Line(file=file, line=_line_of(written, key), text=key)

    texts = {
        key: Line(file=file, line=_line_of(written, key), text=text)
        for key in ("subject", "preheader", "job", "layout")
        if (text := getattr(fields, key)) is not None
    }
    return Front(
        **texts,
        sender=fields.sender,
        sender_line=line("from"),
        attachments=fields.attachments,
        attachments_line=line("attachments"),
    )


def body_of(source: str) -> str:
    """Give what follows the front matter, at its own line numbers."""
    return _FRONT.sub(lambda found: "\n" * found[0].count("\n"), _unix(source))


def _refuse_half_a_front(file: str, source: str) -> None:
    meant = _MEANT.match(source)
    if meant is None:
        return
    if meant[1]:
        mend = "make `---` the first line"
        raise _faulty(file, 1, "something stands before the front matter", mend)
    mend = "write a line `---` behind the last of its fields"
    raise _faulty(file, 1, "the front matter is not closed", mend)


def _refuse_comment_in_text(file: str, written: str) -> None:
    cut = _CUT.search(written)
    if cut is not None:
        line = written.count("\n", 0, cut.start()) + 2
        problem = f"YAML leaves out what follows ` #` in {cut[1]}"
        raise _faulty(file, line, problem, "put all of it in quotes")


def _unix(source: str) -> str:
    return source.removeprefix("\ufeff").replace("\r\n", "\n")


def _checked(file: str, written: str) -> _Fields:
    fields = _fields(file, written)
    for key in fields:
        if key not in _KEYS:
            line = _line_of(written, str(key))
            mend = f"known are {', '.join(_KEYS)}"
            raise _faulty(file, line, f"{key} is not known in front matter", mend)
    try:
        return _Fields.model_validate({_KEYS[key]: value for key, value in fields.items()})
    except ValidationError as error:
        field = error.errors()[0]["loc"][0]
        key = next(key for key, name in _KEYS.items() if name == field)
        mend = _MEND_BY_KEY.get(key, "write one line of text")
        raise _faulty(file, _line_of(written, key), f"{key} is not right", mend) from None


def _fields(file: str, written: str) -> dict[str, object]:
    try:
        fields = YAML(typ="safe", pure=True).load(written)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else None
        mend = "put a value that holds a colon or braces in quotes"
        raise _faulty(file, line, "the front matter is not YAML", mend) from None
    except _UNREADABLE:
        raise _faulty(file, 2, "the front matter is not YAML") from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise _faulty(file, 2, "the front matter is not a list of fields", "write `subject: …`")
    return fields


def _line_of(written: str, key: str) -> int | None:
    found = re.search(rf"^['\"]?{re.escape(key)}['\"]?\s*:", written, re.MULTILINE)
    return written.count("\n", 0, found.start()) + 2 if found else None


def _faulty(file: str, line: int | None, problem: str, mend: str = "") -> Faulty:
    return Faulty(TemplateFault(file=file, line=line, problem=problem, mend=mend))


# What the reader raises beside its own errors: at a date that there is none of, at a wrong tag.
_UNREADABLE = (YAMLError, ValueError, TypeError, AttributeError, LookupError, RecursionError)
SENDER_MEND = (
    "write `owner`, {name: …, email: …}, a list of those, or a name of `senders` in postroad.yaml"
)
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MEANT = re.compile(r"(\s*)---[ \t]*\n(?:subject|preheader|from|layout|attachments|job):")
_CUT = re.compile(r"^(subject|preheader|job):[ \t]+[^\s\"'#|>][^\n]*?[ \t]#", re.MULTILINE)
_KEYS = {
    **{key: key for key in ("subject", "preheader", "job", "layout", "attachments")},
    "from": "sender",
}
_MEND_BY_KEY = {
    "from": SENDER_MEND,
    "attachments": "write a list, such as [guide.pdf] or [{url: https://…, name: guide.pdf}]",
}

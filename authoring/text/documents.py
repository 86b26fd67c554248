"""YAML 1.2 text as a tree of plain nodes that know their places (`on`, `no`, `17:00` are text)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from authoring.text.faults import Findings, Spot
from authoring.text.yaml_words import told

MOST_NESTED = 40
"""How deep lists and mappings may lie in one another."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; `written` is its text, `inside` where its first character stands if shown.

    `inside` is None where the file's text is not the value's (folded lines, escapes).
    """

    at: Spot
    value: str | int | float | bool | None
    written: str
    inside: Spot | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    at: Spot
    of: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, in the order written."""

    at: Spot
    of: "tuple[tuple[Scalar, Node], ...]"


Node = Scalar | Items | Mapping


class _Refused(Exception):  # noqa: N818  # not an error of ours: it only ends the reading
    def __init__(self, at: Spot, text: str, problem: str, mend: str = "") -> None:
        super().__init__(problem)
        self.found = (at, text, problem, mend)


def parse_document(source: str, file: str, findings: Findings) -> Node | None:
    """Parse one YAML document; None if it is not one, which `findings` then explains."""
    try:
        return _Reading(source, file).document()
    except _Refused as refused:
        findings.add(*refused.found)
    except MarkedYAMLError as error:
        at, text = _error_place(error, source, file)
        words = told(error.problem or error.context or "")
        findings.add(at, text, f"this is not YAML: {words.problem}", words.mend)
    except (YAMLError, ValueError, RecursionError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        findings.add(Spot(file=file), "", f"this is not YAML: {lines[0]}")
    return None


class _Reading:
    def __init__(self, source: str, file: str) -> None:
        self._source, self._file = source, file
        self._events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(source))

    def document(self) -> Node:
        start = Spot(file=self._file)
        begun = list(islice(self._events, 2))
        if not isinstance(begun[-1], DocumentStartEvent):
            raise _Refused(start, "", "the file is empty")
        if begun[-1].version or begun[-1].tags:
            raise _Refused(start, "%", "a line that begins with `%` is not known here", "remove it")
        node = self._node(next(self._events), 0)
        self._nothing_after()
        return node

    def _nothing_after(self) -> None:
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                problem = "this version reads one document a file"
                mend = "put what follows `---` into a folder of its own"
                raise _Refused(self._spot(event), "---", problem, mend)

    def _node(self, event: Event, depth: int) -> Node:
        self._check(event, depth)
        if isinstance(event, SequenceStartEvent):
            return Items(self._spot(event), tuple(self._items(depth)))
        if isinstance(event, MappingStartEvent):
            return Mapping(self._spot(event), tuple(self._entries(depth)))
        if not isinstance(event, ScalarEvent):
            raise _Refused(self._spot(event), "", "a value is missing here")
        return self._scalar(event)

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                return
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                return
            self._check(event, depth)
            if not isinstance(event, ScalarEvent):
                raise _Refused(self._spot(event), "?", "a key must be a single word")
            key, value = self._scalar(event), self._node(next(self._events), depth + 1)
            yield key, _placed(key, value)

    def _check(self, event: Event, depth: int) -> None:
        at = self._spot(event)
        anchor, tag = getattr(event, "anchor", None), getattr(event, "ctag", None)
        if anchor:
            text = f"*{anchor}" if isinstance(event, AliasEvent) else f"&{anchor}"
            raise _Refused(at, text, f"`{text}` is not known here", "write the value out")
        if tag:
            raise _Refused(at, str(tag), f"the tag `{tag}` is not known here", "remove it")
        if depth > MOST_NESTED:
            raise _Refused(at, "", f"this lies more than {MOST_NESTED} levels deep")

    def _scalar(self, event: ScalarEvent) -> Scalar:
        written, plain = str(event.value), event.style is None
        at = self._spot(event)
        if _UNSTORABLE.search(written):
            raise _Refused(at, "", "the value holds a character that cannot be stored", "remove it")
        quoted = event.style in ("'", '"')
        first = event.start_mark.index + quoted
        verbatim = self._source.startswith(written, first) and "\n" not in written
        inside = at.model_copy(update={"column": at.column + quoted}) if verbatim else None
        return Scalar(at, _plain_value(written) if plain else written, written, inside)

    def _spot(self, event: Event) -> Spot:
        mark = event.start_mark
        return Spot(file=self._file, line=mark.line + 1, column=mark.column + 1)


def _placed(key: Scalar, value: Node) -> Node:
    if not isinstance(value, Scalar) or value.written or value.inside is None:
        return value
    # A value that is not written has no place of its own: it is missed right after its key.
    after = key.at.column + len(key.written) + 1
    return Scalar(key.at.model_copy(update={"column": after}), value.value, "")


def _plain_value(written: str) -> str | int | float | bool | None:
    if written in ("", "~", "null", "Null", "NULL"):
        return None
    if written in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return written.lower() == "true"
    if _WHOLE.fullmatch(written):
        return int(written)
    return float(written) if _DECIMAL.fullmatch(written) else written


def _error_place(error: MarkedYAMLError, source: str, file: str) -> tuple[Spot, str]:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Spot(file=file), ""
    lines = source.splitlines()
    text = lines[mark.line].strip() if mark.line < len(lines) else ""
    return Spot(file=file, line=mark.line + 1, column=mark.column + 1), text


# PostgreSQL's jsonb refuses U+0000, and UTF-8 has no lone surrogates
# (postgresql.org/docs/current/datatype-json.html).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,2})?")

"""One layout for authored YAML: indentation, quotes, short steps on one line; comments stay."""

import re
from collections.abc import Iterator
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    PlainScalarString,
    ScalarString,
    SingleQuotedScalarString,
)
from typing_extensions import override

from authoring.text.comments import comments, settled
from authoring.text.documents import Items, Mapping, Node, parse_document
from authoring.text.faults import Findings, Spot

WIDTH = 100
"""How long a line may be; text that cannot be broken may be longer."""


def formatted(source: str, file: str, findings: Findings) -> str | None:
    """Lay a file out anew; None if it is not YAML that the loader reads, said by `findings`.

    What the file means stays the same, and so do its comments and the order of its keys.
    """
    before = parse_document(source, file, findings)
    if before is None:
        return None
    for restyle in (True, False):
        text = _at_rest(source, restyle=restyle)
        if text is not None and _same(text, source, before):
            return text
    problem = "this cannot be laid out anew without changing it"
    findings.add(Spot(file=file), "", problem, "move comments out of `{…}` and `[…]`")
    return None


class _Words(VersionedResolver):
    """Reads each plain scalar as the text that it is, so that it is written so again."""

    @property
    @override
    def versioned_resolver(self) -> dict[str, list[object]]:
        return {}


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.Resolver = _Words
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _at_rest(source: str, *, restyle: bool) -> str | None:
    text: str | None = source
    for _ in range(_ROUNDS):
        before, text = text, None if text is None else _laid_out(text, restyle=restyle)
        if text == before:
            return text
    return None


def _laid_out(source: str, *, restyle: bool) -> str | None:
    yaml, out = _yaml(), StringIO()
    try:
        tree = yaml.load(source)
        _fill(tree)
        if restyle:
            _restyle(tree, 0)
        yaml.dump(tree, out)
    except (YAMLError, ValueError, AttributeError, IndexError, TypeError, NotImplementedError):
        return None
    return settled(out.getvalue())


def _fill(node: object) -> None:
    if isinstance(node, CommentedMap | CommentedSeq):
        for key, value in list(_parts(node)):
            if value == "" and not isinstance(value, ScalarString):
                node[key] = PlainScalarString("null")
            _fill(value)


def _restyle(node: object, column: int, *, entry: bool = False, fields: bool = False) -> None:
    if not isinstance(node, CommentedMap | CommentedSeq):
        return
    _unquote(node)
    flow = bool(node.fa.flow_style())
    short = column + len(_in_flow(node)) <= WIDTH and not _commented(node)
    below = fields or _has_fields(node)
    if short and not below and (flow or (entry and _is_simple(node))):
        _all_in_flow(node)
        return
    node.fa.set_block_style()
    for key, value in _parts(node):
        listed = isinstance(node, CommentedSeq)
        inner = column + (4 if listed else len(f"{key}: "))
        _restyle(value, inner, entry=listed, fields=_is_event(key, value))


def _has_fields(node: object) -> bool:
    if not isinstance(node, CommentedMap | CommentedSeq):
        return False
    return any(_is_event(key, value) or _has_fields(value) for key, value in _parts(node))


def _is_event(key: object, value: object) -> bool:
    return "@" in str(key) and isinstance(value, CommentedMap)


def _is_simple(node: CommentedMap | CommentedSeq) -> bool:
    lists = [value for _, value in _parts(node) if isinstance(value, CommentedSeq)]
    inner = (item for one in lists for item in one)
    return isinstance(node, CommentedMap) and not any(isinstance(i, CommentedMap) for i in inner)


def _all_in_flow(node: object) -> None:
    if isinstance(node, CommentedMap | CommentedSeq):
        _unquote(node)
        node.fa.set_flow_style()
        for _, value in _parts(node):
            _all_in_flow(value)


def _unquote(node: CommentedMap | CommentedSeq) -> None:
    for key, value in list(_parts(node)):
        if isinstance(value, SingleQuotedScalarString | DoubleQuotedScalarString):
            text = str(value)
            plain = _PLAIN.fullmatch(text) and text.lower() not in _OTHER_THINGS
            node[key] = PlainScalarString(text) if plain else DoubleQuotedScalarString(text)


def _parts(node: CommentedMap | CommentedSeq) -> Iterator[tuple[object, object]]:
    return iter(node.items() if isinstance(node, CommentedMap) else enumerate(node))


def _in_flow(node: object) -> str:
    if isinstance(node, CommentedMap):
        return "{" + ", ".join(f"{key}: {_in_flow(value)}" for key, value in node.items()) + "}"
    if isinstance(node, CommentedSeq):
        return "[" + ", ".join(_in_flow(item) for item in node) + "]"
    return f'"{node}"' if isinstance(node, DoubleQuotedScalarString) else str(node)


def _commented(node: object) -> bool:
    if not isinstance(node, CommentedMap | CommentedSeq):
        return isinstance(node, str) and "\n" in node
    own = node.ca.comment or node.ca.items or node.ca.end
    return bool(own) or any(_commented(value) for _, value in _parts(node))


def _same(text: str, source: str, before: Node) -> bool:
    after = parse_document(text, "", Findings())
    if after is None or comments(text) != comments(source):
        return False
    return _bare(after) == _bare(before)


def _bare(node: Node) -> object:
    if isinstance(node, Mapping):
        return [(key.written, _bare(value)) for key, value in node.of], "mapping"
    if isinstance(node, Items):
        return [_bare(item) for item in node.of], "items"
    return node.value, None if node.value is None else node.written


_ROUNDS = 4
_PLAIN = re.compile(r"[A-Za-z][\w.@/-]*(?: [\w.@/-]+)*", re.ASCII)
_OTHER_THINGS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

"""Comments of YAML text: which there are, and where a tidy file has them."""

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import ScalarEvent


def comments(source: str) -> list[str]:
    """Give the comments, in order."""
    return [source[start:end].rstrip() for start, end in _spans(source)]


def settled(source: str) -> str:
    """Put each comment where it belongs: above what it is about, or two spaces after it.

    Ends each line without spaces, and the file with one line end.
    """
    inner = _lines_of_texts(source)
    at = dict(_starts(source))
    lines = source.split("\n")
    tidy = [
        line if number in inner else _line(lines, number, at.get(number))
        for number, line in enumerate(lines)
    ]
    return "\n".join(tidy).strip("\n") + "\n"


def _line(lines: list[str], number: int, column: int | None) -> str:
    line = lines[number].rstrip()
    if column is None:
        return line
    before, comment = line[:column].rstrip(), line[column:]
    return f"{before}  {comment}" if before else _indent_below(lines, number) + comment


def _indent_below(lines: list[str], number: int) -> str:
    below = (line for line in lines[number + 1 :] if line.strip())
    following = next((line for line in below if not line.lstrip().startswith("#")), "")
    return following[: len(following) - len(following.lstrip())]


def _starts(source: str) -> Iterator[tuple[int, int]]:
    for start, _ in _spans(source):
        yield source.count("\n", 0, start), start - source.rfind("\n", 0, start) - 1


def _spans(source: str) -> Iterator[tuple[int, int]]:
    at = 0
    for start, end in (*_texts(source), (len(source), len(source))):
        for found in _COMMENT.finditer(source, at, start):
            yield found.span()
        at = max(at, end)


def _texts(source: str) -> list[tuple[int, int]]:
    try:
        events = list(YAML(typ="safe", pure=True).parse(source))
    except (YAMLError, ValueError, RecursionError):
        return [(0, len(source))]
    scalars = (event for event in events if isinstance(event, ScalarEvent))
    return [(one.start_mark.index, one.end_mark.index) for one in scalars]


def _lines_of_texts(source: str) -> set[int]:
    inner: set[int] = set()
    for start, end in _texts(source):
        first = source.count("\n", 0, start)
        inner.update(range(first + 1, source.count("\n", 0, max(end - 1, start)) + 1))
    return inner


_COMMENT = re.compile(r"(?<![^\s])#[^\n]*")

"""Readers of single values and lists: each gives the value, or None and a fault."""

import re
from collections.abc import Callable
from typing import TypeVar

from authoring.text.documents import Items, Mapping, Node, Scalar
from authoring.text.durations import parse_duration, parse_time
from authoring.text.faults import Findings, Slip, did_you_mean
from authoring.text.fields import Reader, report, shown
from schemas.calendar import Duration, Unit

T = TypeVar("T")


def text(node: Node, findings: Findings) -> str | None:
    """Read a line of text, without line breaks around or within."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
        line = node.value.strip()
        if line.isprintable():
            return line
        findings.add(node.at, line, "this must be one line of printable text")
        return None
    mend = "put it in quotes" if isinstance(node, Scalar) and node.written else ""
    findings.add(node.at, shown(node), f"{_kind(node)} stands where text belongs", mend)
    return None


def paragraph(node: Node, findings: Findings) -> str | None:
    """Read text that may run over several lines."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
        return node.value.strip()
    return text(node, findings)


def name(node: Node, findings: Findings) -> str | None:
    """Read a name: letters, digits, dot, underscore, hyphen, at most 100 of them."""
    word = text(node, findings)
    if word is None or is_name(word):
        return word
    problem = f"`{word}` is not a name"
    findings.add(node.at, word, problem, "use letters, digits, `.`, `_` and `-`, at most 100")
    return None


def is_name(word: str) -> bool:
    """Tell whether a word may be a name."""
    return _NAME.fullmatch(word) is not None


def truth(node: Node, findings: Findings) -> bool | None:
    """Read `true` or `false`."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    meant = _TRUTHS.get(shown(node).lower())
    mend = f"write `{meant}`" if meant else ""
    findings.add(
        node.at, shown(node), f"{_kind(node)} stands where `true` or `false` belongs", mend
    )
    return None


def whole(lowest: int, highest: int) -> Reader[int]:
    """Give a reader of whole numbers within these bounds."""

    def read(node: Node, findings: Findings) -> int | None:
        mend = ""
        number = node.value if isinstance(node, Scalar) else None
        if isinstance(number, int) and not isinstance(number, bool):
            if lowest <= number <= highest:
                return number
            problem = f"{number} is not between {lowest} and {highest}"
        else:
            problem = f"{_kind(node)} stands where a whole number belongs"
            mend = f"write digits alone, like `{lowest}`"
        findings.add(node.at, shown(node), problem, mend)
        return None

    return read


def choice(*options: str) -> Reader[str]:
    """Give a reader of one of these words."""

    def read(node: Node, findings: Findings) -> str | None:
        word = text(node, findings)
        if word is None or word in options:
            return word
        problem = f"`{word}` is not one of {', '.join(f'`{one}`' for one in options)}"
        near = did_you_mean(word, options)
        findings.add(node.at, word, problem, near if near.startswith("did") else "")
        return None

    return read


def each(node: Node, findings: Findings, reader: Reader[T]) -> tuple[T, ...]:
    """Read a list's items; a fault if `node` is none; items that are wrong are left out."""
    if not isinstance(node, Items):
        findings.add(node.at, shown(node), f"{_kind(node)} stands where a list belongs", _A_LIST)
        return ()
    read = (reader(item, findings) for item in node.of)
    return tuple(item for item in read if item is not None)


def one_or_more(node: Node, findings: Findings, reader: Reader[T]) -> tuple[T, ...]:
    """Read a list's items, or a single one that stands without a list."""
    items = node if isinstance(node, Items) else Items(node.at, (node,))
    return each(items, findings, reader)


def duration(node: Node, findings: Findings) -> Duration | None:
    """Read a duration that is longer than nothing."""
    read = any_duration(node, findings)
    if read is None or read.count:
        return read
    findings.add(node.at, shown(node), "a duration here must be longer than nothing")
    return None


def any_duration(node: Node, findings: Findings) -> Duration | None:
    """Read a duration, `0 minutes` included."""
    read = parsed(node, findings, parse_duration)
    if read is None or read.unit is not Unit.BUSINESS_DAYS:
        return read
    days = "day" if read.count == 1 else "days"
    problem = "only `wait` and the `within` of a step count business days"
    findings.add(node.at, shown(node), problem, f"write `{read.count} {days}`, say")
    return None


def span(node: Node, findings: Findings) -> Duration | None:
    """Read a duration that is longer than nothing, and may count business days (rule 14)."""
    read = parsed(node, findings, parse_duration)
    if read is None or read.count:
        return read
    findings.add(node.at, shown(node), "a duration here must be longer than nothing")
    return None


def calendar_days(node: Node, findings: Findings) -> Duration | None:
    """Read a duration of whole days or weeks that is longer than nothing."""
    read = duration(node, findings)
    if read is None or read.unit in (Unit.DAYS, Unit.WEEKS):
        return read
    problem = f"`{shown(node)}` is no number of days"
    findings.add(node.at, shown(node), problem, "write days or weeks: `90 days`")
    return None


def time_of_day(node: Node, findings: Findings) -> int | None:
    """Read a time of day before 24:00, in minutes since local midnight."""
    minutes = parsed(node, findings, parse_time)
    if minutes is None or minutes < _MIDNIGHT:
        return minutes
    findings.add(node.at, shown(node), "`24:00` is no time of day", "write `00:00`")
    return None


def parsed(node: Node, findings: Findings, parse: Callable[[str], T | Slip]) -> T | None:
    """Read by a parser of text; a number or truth value counts as what is written."""
    if not isinstance(node, Scalar) or node.value is None:
        text(node, findings)
        return None
    result = parse(node.written)
    if isinstance(result, Slip):
        report(node, result, findings)
        return None
    return result


def _kind(node: Node) -> str:
    if isinstance(node, Items):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    return "nothing" if node.value in (None, "") else f"`{node.written}`"


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_A_LIST = "write `[…]`, or a line that begins with `- ` for each item"
_MIDNIGHT = 24 * 60
_TRUTHS = {"yes": "true", "on": "true", "true": "true"} | dict.fromkeys(
    ("no", "off", "false"), "false"
)

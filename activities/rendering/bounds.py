"""How much a template may do: each loop, call and longer value costs, and what is left is counted.

Who writes a template may not keep a worker busy, nor fill its memory, whatever a mail says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from jinja2 import Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from typing_extensions import override

MOST_STEPS = 200_000
"""How often a template may go round a loop, or call something."""

LONGEST = 1_000_000
"""How many characters or items a value may have that a template makes."""

_MOST_HELD = 10_000
_MOST_BITS = 256
_MOST_DIGITS = 100
_TOO_MUCH = f"it goes round its loops more than {MOST_STEPS:,} times"
_TOO_LONG = f"it makes a value of over {LONGEST:,} characters"
_TOO_GREAT = "it makes too great a number"

_left: ContextVar[list[int] | None] = ContextVar("_left", default=None)

Filter = Callable[..., object]


@contextmanager
def counted() -> Iterator[None]:
    """Count what is rendered meanwhile; within another count, on that one's account."""
    if _left.get() is not None:
        yield
        return
    token = _left.set([MOST_STEPS])
    try:
        yield
    finally:
        _left.reset(token)


def spend(steps: int) -> None:
    """Take steps off what is left; SecurityError if that is not enough."""
    left = _left.get()
    if left is None:
        return
    left[0] -= steps
    if left[0] < 0:
        raise SecurityError(_TOO_MUCH)


def spend_on(*given: object) -> None:
    """Take off what a call may cost that is given all this."""
    spend(1 + sum(len(one) for one in given if isinstance(one, list | tuple)))


def counting(tree: nodes.Template) -> nodes.Template:
    """Give a template with its loops counted, its lists weighed and its texts measured."""
    counted_tree: nodes.Template = _Counting().visit(tree)
    return counted_tree


def measured(value: object) -> object:
    """Give a value; SecurityError if it is too long."""
    if isinstance(value, Sized) and not isinstance(value, Undefined) and len(value) > LONGEST:
        raise SecurityError(_TOO_LONG)
    return value


def added(left: object, right: object) -> None:
    """Raise SecurityError if the sum or the product would be too much to hold."""
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > _MOST_BITS:
            raise SecurityError(_TOO_GREAT)
        return
    sizes = (len(one) for one in (left, right) if isinstance(one, str | list | tuple))
    if sum(sizes) > LONGEST:
        raise SecurityError(_TOO_LONG)


def check_replacing(text: object, *given: object) -> None:
    """Raise SecurityError if replacing in a text would make it too long."""
    old, new = (str(given[0]), str(given[1])) if len(given) > 1 else ("", "")
    written = str(text)
    if len(written) + written.count(old) * len(new) > LONGEST:
        raise SecurityError(_TOO_LONG)


def bounded(name: str, original: Filter, at: int) -> Filter:
    """Give a filter that takes texts and numbers only where it makes text, and makes none too long.

    `at` is the place of its value among its arguments.
    """

    def bounding(*given: object, **named: object) -> object:
        spend_on(given[at])
        if name in _CHECKS:
            _CHECKS[name](given[at], *given[at + 1 :], *named.values())
        return measured(original(*given, **named))

    # How Jinja2 tells whether a filter wants the context, the environment or neither.
    return _like(original, bounding)


def _like(original: Filter, made: Filter) -> Filter:
    made.__dict__.update(getattr(original, "__dict__", {}))
    return made


def _check_text(value: object, *more: object) -> None:
    for one in (value, *more):
        if isinstance(one, list | tuple | Mapping):
            raise SecurityError("this filter takes one text or number")


def _check_join(value: object, separator: object = "", *_: object) -> None:
    parts = list(value) if isinstance(value, list | tuple | str) else []
    _check_text(separator, *parts)
    if sum(len(str(part)) for part in parts) + len(str(separator)) * len(parts) > LONGEST:
        raise SecurityError(_TOO_LONG)


def _check_replace(value: object, *given: object) -> None:
    _check_text(value, *given)
    check_replacing(value, *given)


def _check_sum(_: object, *given: object) -> None:
    if any(isinstance(one, list | tuple) for one in given):
        raise SecurityError("`sum` adds numbers only")


def _check_round(_: object, *given: object) -> None:
    if any(isinstance(one, int) and abs(one) > _MOST_DIGITS for one in given):
        raise SecurityError("`round` takes at most 100 digits")


_OF_TEXT = ("capitalize", "lower", "title", "trim", "truncate", "upper", "urlencode")
_CHECKS: dict[str, Callable[..., None]] = {
    **dict.fromkeys(_OF_TEXT, _check_text),
    "join": _check_join,
    "replace": _check_replace,
    "round": _check_round,
    "sum": _check_sum,
}


def _each(iterable: Iterable[object]) -> Iterator[object]:
    for item in iterable:
        spend(1)
        yield item


def _held(value: object) -> object:
    if _weight(value, _MOST_HELD) > _MOST_HELD:
        raise SecurityError("it puts lists into lists too often")
    return value


def _weight(value: object, most: int) -> int:
    weight = 1
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        inside = value.values()
    elif isinstance(value, list | tuple):
        inside = value
    for one in inside:
        weight += _weight(one, most - weight)
        if weight > most:
            break
    return weight


def _joined(parts: list[object]) -> str:
    _check_text(*parts)
    texts = [part if isinstance(part, Markup) else str(part) for part in parts]
    if sum(map(len, texts)) > LONGEST:
        raise SecurityError(_TOO_LONG)
    if not any(isinstance(text, Markup) for text in texts):
        return "".join(texts)
    return Markup("").join(texts)


EACH, HELD, JOINED = "_each", "_held", "_joined"
OURS: dict[str, Filter] = {EACH: _each, HELD: _held, JOINED: _joined}
"""What stands in a template's code for loops, lists and `~`."""


class _Counting(NodeTransformer):
    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  Jinja2 names them so
        self.generic_visit(node)
        node.iter = _through(EACH, cast("nodes.Expr", node.iter))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  as above
        self.generic_visit(node)
        return _through(
            JOINED, nodes.List(node.nodes, lineno=node.lineno, environment=node.environment)
        )

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802  as above
        self.generic_visit(node)
        return _through(HELD, node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802  as above
        self.generic_visit(node)
        return _through(HELD, node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802  as above
        self.generic_visit(node)
        return _through(HELD, node) if node.ctx == "load" else node

    @override
    def generic_visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        visited: nodes.Node = super().generic_visit(node, *args, **kwargs)
        return visited


def _through(name: str, value: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(
        value, name, [], [], None, None, lineno=value.lineno, environment=value.environment
    )

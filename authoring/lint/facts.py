"""Which facts templates name, and whether they can do without them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jinja2 import Environment, TemplateError, nodes
from pydantic import JsonValue

from schemas.values import Facts


class Named(NamedTuple):
    """A fact that a template names: `contact` or `data`, its path, and the line.

    It is `asked` where the mail can do without it: before an `or`, in an `if`, with `default`.
    """

    of: str
    path: str
    line: int
    asked: bool


def facts_in(template: str) -> tuple[Named, ...]:
    """Give every fact that a template names; none if it is no template."""
    try:
        tree = Environment(autoescape=True).parse(template)
    except (TemplateError, ValueError, RecursionError):
        return ()
    return tuple(_named(tree, frozenset(), asked=False))


def nested(values: Iterable[tuple[str, JsonValue]]) -> Facts:
    """Give facts by dotted path as JSON has them: `a.b` lies within `a`."""
    facts: Facts = {}
    for path, value in sorted(values, key=lambda one: one[0], reverse=True):
        *outer, last = path.split(".")
        _inner(facts, outer).setdefault(last, value)
    return facts


def fact_of(node: nodes.Node) -> tuple[str, str] | None:
    """Give what a part of a template names, `("contact", "company")`, if it is a fact."""
    path: list[str] = []
    inner = node
    while isinstance(inner, nodes.Getattr):
        path.insert(0, inner.attr)
        inner = inner.node
    known = isinstance(inner, nodes.Name) and inner.name in _KINDS and inner.ctx == "load"
    if not known or not isinstance(inner, nodes.Name):
        return None
    return (inner.name, ".".join(path)) if path else None


def _inner(facts: Facts, outer: list[str]) -> Facts:
    for part in outer:
        within = facts.setdefault(part, {})
        facts = within if isinstance(within, dict) else {}
    return facts


def _named(node: nodes.Node, known: frozenset[str], *, asked: bool) -> Iterator[Named]:
    fact = fact_of(node)
    if fact is not None:
        of, path = fact
        yield Named(of, path, node.lineno, asked or f"{of}.{path}" in known)
    elif isinstance(node, nodes.If | nodes.CondExpr):
        yield from _judged(node, known, asked=asked)
    elif isinstance(node, nodes.Or | nodes.And):
        yield from _named(node.left, known, asked=True)
        yield from _named(node.right, known | _all(node.left), asked=asked)
    else:
        defaulted = isinstance(node, nodes.Filter) and node.name in _DEFAULTING
        for child in node.iter_child_nodes():
            yield from _named(child, known, asked=asked or defaulted)


def _judged(
    node: nodes.If | nodes.CondExpr, known: frozenset[str], *, asked: bool
) -> Iterator[Named]:
    yield from _named(node.test, known, asked=True)
    inside = known | _all(node.test)
    for child in node.iter_child_nodes():
        if child is not node.test:
            yield from _named(child, inside, asked=asked)


def _all(node: nodes.Node) -> frozenset[str]:
    return frozenset(f"{one.of}.{one.path}" for one in _named(node, frozenset(), asked=True))


_KINDS = ("contact", "data", "owner", "sender")
_DEFAULTING = ("d", "default")

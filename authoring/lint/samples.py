"""Samples of the facts that templates name: the shape of each is read off its use."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from jinja2 import Environment, TemplateError, nodes
from pydantic import JsonValue

from authoring.language.vocabulary import AttributeType
from authoring.lint.facts import Named, fact_of, facts_in, nested
from schemas.values import Facts

SAMPLE = "Sample"
"""What stands for every text that a contact or an enrollment brings."""

NUMBER = 7
"""What stands for every number."""

DATE = "2026-06-01"
"""What stands for every date."""


class Samples(NamedTuple):
    """The facts that templates name, and those that they use as a number or a list."""

    named: tuple[Named, ...]
    shapes: dict[tuple[str, str], JsonValue]

    def of(self, kind: str, plain: JsonValue = SAMPLE) -> Facts:
        """Give facts of `contact` or `data`; what is used as text is `plain`."""
        wanted = dict.fromkeys(one.path for one in self.named if one.of == kind)
        return nested((path, self.shapes.get((kind, path), plain)) for path in wanted)


def samples_in(templates: Iterable[str], attributes: Mapping[str, AttributeType] | None) -> Samples:
    """Read templates; the types of the project's `attributes` go before their use."""
    texts = tuple(templates)
    named = tuple(one for text in texts for one in facts_in(text))
    shapes = dict(shape for text in texts for shape in _shapes(text))
    typed = {("contact", name): _BY_TYPE[kind] for name, kind in (attributes or {}).items()}
    return Samples(named, {**typed, **shapes})


def _shapes(template: str) -> Iterator[tuple[tuple[str, str], JsonValue]]:
    try:
        tree = Environment(autoescape=True).parse(template)
    except (TemplateError, ValueError, RecursionError):
        return
    for used, sample in _used(tree):
        fact = fact_of(used)
        if fact is not None:
            yield fact, sample


def _used(tree: nodes.Template) -> Iterator[tuple[nodes.Node, JsonValue]]:
    yield from ((counted, NUMBER) for counted in _counted(tree))
    for filtered in tree.find_all(nodes.Filter):
        if filtered.name == "date" and filtered.node is not None:
            yield _itself(filtered.node), DATE
    for loop in tree.find_all(nodes.For):
        yield _itself(loop.iter), [_item(loop)]


def _counted(tree: nodes.Template) -> Iterator[nodes.Node]:
    for sum_ in tree.find_all((nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv)):
        yield from (sum_.left, sum_.right)
    for compared in tree.find_all(nodes.Compare):
        sides = [compared.expr, *(operand.expr for operand in compared.ops)]
        if any(isinstance(one, nodes.Const) and isinstance(one.value, int) for one in sides):
            yield from sides
    for filtered in tree.find_all(nodes.Filter):
        if filtered.name in _OF_NUMBERS and filtered.node is not None:
            yield filtered.node


def _itself(node: nodes.Node) -> nodes.Node:
    return node.left if isinstance(node, nodes.Or) else node


def _item(loop: nodes.For) -> JsonValue:
    name = loop.target.name if isinstance(loop.target, nodes.Name) else ""
    inner = (one for body in loop.body for one in body.find_all(nodes.Getattr))
    keys = [one.attr for one in inner if isinstance(one.node, nodes.Name) and one.node.name == name]
    return dict.fromkeys(keys, SAMPLE) if keys else SAMPLE


_OF_NUMBERS = ("abs", "float", "int", "round")
_BY_TYPE: dict[AttributeType, JsonValue] = {
    "text": SAMPLE,
    "number": NUMBER,
    "truth": True,
    "date": DATE,
    "list": [SAMPLE],
}

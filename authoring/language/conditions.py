"""A written condition becomes a small checked tree over named facts only."""

import re
from collections.abc import Callable
from functools import partial

from jinja2 import nodes
from pydantic import JsonValue

from authoring.language.expressions import parse_expression
from authoring.language.vocabulary import (
    COMPARISONS,
    COUNT,
    FACTS,
    HAPPENED,
    MAIL_EVENTS,
    MEND_BY_NODE,
    SIMPLY,
    Allowed,
    named,
    unknown_name,
    unknown_question,
)
from authoring.text.durations import parse_duration
from authoring.text.faults import Slip, did_you_mean
from schemas.calendar import Duration, Unit
from schemas.conditions import (
    Both,
    Comparison,
    Condition,
    Constant,
    Count,
    Either,
    Fact,
    Happened,
    Opposite,
)

MOST_NESTED = 20
"""How deep a condition may be nested: what is stored as JSON must be readable again."""


def parse_condition(text: str, allowed: Allowed) -> Condition | Slip:
    """Read a condition as written; the slip says where it went wrong, and what was meant."""
    expression = parse_expression(text)
    if isinstance(expression, Slip):
        return expression
    try:
        return _Reading(text, allowed).read(expression)
    except _Refused as refused:
        return refused.slip


class _Refused(Exception):  # noqa: N818  # not an error of ours: it only ends the reading
    def __init__(self, slip: Slip) -> None:
        super().__init__(slip.problem)
        self.slip = slip


class _Reading:
    def __init__(self, text: str, allowed: Allowed) -> None:
        self._text, self._allowed, self._depth = text, allowed, 0
        self._read: dict[type[nodes.Expr], Callable[..., Condition]] = {
            nodes.Const: self._constant,
            nodes.List: self._list,
            nodes.Neg: self._negative,
            nodes.Name: self._name,
            nodes.Getattr: self._fact,
            nodes.Call: self._call,
            nodes.Compare: self._compare,
            nodes.Not: self._opposite,
            nodes.And: partial(self._joined, Both),
            nodes.Or: partial(self._joined, Either),
        }

    def read(self, node: nodes.Expr) -> Condition:
        reader = self._read.get(type(node))
        if self._depth > MOST_NESTED:
            raise self._refused(node, "the condition is nested too deeply", SIMPLY)
        if reader is not None:
            self._depth += 1
            condition = reader(node)
            self._depth -= 1
            return condition
        what, mend = MEND_BY_NODE.get(type(node), ("this", SIMPLY))
        raise self._refused(node, f"{what} cannot stand in a condition", mend)

    def _constant(self, node: nodes.Const) -> Constant:
        return Constant(value=self._literal(node))

    def _list(self, node: nodes.List) -> Constant:
        return Constant(value=[self._literal(item) for item in node.items])

    def _negative(self, node: nodes.Neg) -> Constant:
        return Constant(value=self._literal(node))

    def _literal(self, node: nodes.Expr) -> JsonValue:
        sign, written = (-1, node.node) if isinstance(node, nodes.Neg) else (1, node)
        value: object = written.value if isinstance(written, nodes.Const) else _NOTHING
        if isinstance(value, bool | None) and sign > 0:
            return value
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and abs(value) < _TOO_LARGE
        ):
            return sign * value
        if isinstance(value, str) and sign > 0 and not _UNSTORABLE.search(value):
            return value
        problem = "only text, numbers, true, false and none can stand here"
        raise self._refused(node, problem, 'write text in quotes: `["US", "CA"]`')

    def _name(self, node: nodes.Name) -> Fact:
        if node.name == "key" and "key" in self._allowed.facts:
            return Fact(of="key")
        raise self._refused(node, *unknown_name(node.name, self._allowed))

    def _fact(self, node: nodes.Getattr) -> Fact:
        path: list[str] = []
        inner: nodes.Expr = node
        while isinstance(inner, nodes.Getattr):
            path.insert(0, inner.attr)
            inner = inner.node
        if not isinstance(inner, nodes.Name):
            raise self._refused(node, "this cannot stand in a condition", SIMPLY)
        of = FACTS.get(inner.name)
        if of is None or of not in self._allowed.facts:
            raise self._refused(inner, *unknown_name(inner.name, self._allowed))
        fact = Fact(of=of, path=".".join(path))
        wrong = self._allowed.names.slip_of_attribute(fact.path) if of == "contact" else None
        if wrong:
            raise self._refused(inner, *wrong)
        return fact

    def _call(self, node: nodes.Call) -> Happened | Count:
        if isinstance(node.node, nodes.Name) and node.node.name == COUNT:
            return self._count(node)
        what = HAPPENED.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if what is None:
            name = node.node.name if isinstance(node.node, nodes.Name) else "this"
            raise self._refused(node.node, *unknown_question(name))
        if self._allowed.steps is None:
            problem = f"`{what}(…)` cannot be asked here, where only one moment is looked at"
            raise self._refused(node, problem, f"name {named(self._allowed)} instead")
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise self._refused(node, f"`{what}(…)` takes no named arguments", "")
        return Happened(what=what, step=self._step(node, what))

    def _count(self, node: nodes.Call) -> Count:
        if not self._allowed.counts:
            problem = "`count(…)` cannot be asked here, where only one moment is looked at"
            raise self._refused(node, problem, f"name {named(self._allowed)} instead")
        words = [self._word(argument, node) for argument in node.args]
        options = {option.key: self._word(option.value, node) for option in node.kwargs}
        if len(words) != 1 or options.keys() - {"last"} or node.dyn_args or node.dyn_kwargs:
            raise self._refused(node, "`count` is not asked like this", _COUNTING)
        wrong = self._allowed.names.slip_of_event(words[0])
        if wrong and words[0] not in MAIL_EVENTS:
            raise self._refused(node.args[0], *wrong)
        return Count(event=words[0], last=self._last(node, options.get("last")))

    def _word(self, node: nodes.Expr, call: nodes.Call) -> str:
        word: object = node.value if isinstance(node, nodes.Const) else None
        if isinstance(word, str) and word.strip() and not _UNSTORABLE.search(word):
            return word
        raise self._refused(call, "`count` is not asked like this", _COUNTING)

    def _last(self, node: nodes.Call, written: str | None) -> Duration | None:
        last = None if written is None else parse_duration(written)
        if isinstance(last, Slip):
            raise self._refused(node.kwargs[0], last.problem, last.mend)
        if last is not None and (not last.count or last.unit is Unit.BUSINESS_DAYS):
            raise self._refused(node.kwargs[0], f"`{written}` is no time to look back", _COUNTING)
        return last

    def _step(self, node: nodes.Call, what: str) -> str | None:
        if what == "replied" and not node.args:
            return None
        argument = node.args[0] if len(node.args) == 1 else None
        step: object = argument.value if isinstance(argument, nodes.Const) else None
        if what == "replied" or not isinstance(step, str):
            rest = "()" if what == "replied" else '("the id of a step")'
            raise self._refused(node, f"`{what}` is not asked like this", f"write `{what}{rest}`")
        if step not in (self._allowed.steps or ()):
            problem = f"`{step}` is no step of this sequence that sends a mail"
            mend = did_you_mean(step, self._allowed.steps or ())
            raise _Refused(
                Slip(offset=argument.lineno, text=step, problem=problem, mend=mend)
                if argument
                else Slip(text=step, problem=problem, mend=mend)
            )
        return step

    def _compare(self, node: nodes.Compare) -> Condition:
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        parts = tuple(
            Comparison(
                by=COMPARISONS[operand.op], left=self.read(left), right=self.read(operand.expr)
            )
            for left, operand in zip(sides, node.ops, strict=False)
        )
        return parts[0] if len(parts) == 1 else Both(parts=parts)

    def _opposite(self, node: nodes.Not) -> Opposite:
        return Opposite(part=self.read(node.node))

    def _joined(self, kind: type[Both | Either], node: nodes.And | nodes.Or) -> Both | Either:
        parts: list[nodes.Expr] = []
        left: nodes.Expr = node
        while isinstance(left, nodes.And | nodes.Or) and type(left) is type(node):
            parts.insert(0, left.right)
            left = left.left
        return kind(parts=tuple(self.read(part) for part in (left, *parts)))

    def _refused(self, node: nodes.Node, problem: str, mend: str) -> _Refused:
        offset = node.lineno
        text = self._text[offset:].split(" ")[0]
        return _Refused(Slip(offset=offset, text=text, problem=problem, mend=mend))


_NOTHING = object()
_COUNTING = 'write `count("login", last="7 days")`'
_TOO_LARGE = 10**18
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

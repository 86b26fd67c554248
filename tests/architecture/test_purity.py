"""What import contracts cannot see: a clock or dice reached through a harmless module."""

import ast
from collections.abc import Iterator

from tests.architecture.tracked import modules, place, tree_of

CLOCKS_AND_DICE = {"now", "today", "utcnow", "fromtimestamp", "uuid1", "uuid4", "uuid7"}
OPENERS = {"open", "input", "print", "eval", "exec", "__import__"}


def test_schemas_and_workflows_ask_no_clock_and_throw_no_dice() -> None:
    asked = list(_calls_outside_temporal())

    assert asked == []


def _calls_outside_temporal() -> Iterator[str]:
    for path in modules("schemas", "workflows"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and (name := _impure(node.func)):
                yield f"{place(path, node.lineno)} calls {name}"


def _impure(called: ast.expr) -> str | None:
    match called:
        # Temporal's own are deterministic: workflow.now(), and a method of ours that asks it.
        case ast.Attribute(value=ast.Name(id="workflow" | "self")):
            return None
        case ast.Attribute(attr=name) if name in CLOCKS_AND_DICE:
            return name
        case ast.Name(id=name) if name in CLOCKS_AND_DICE | OPENERS:
            return name
        case _:
            return None

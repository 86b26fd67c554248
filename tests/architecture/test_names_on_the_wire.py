"""Names that running enrollments remember are written out, so that files can move."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from schemas import names
from tests.architecture.tracked import ROOT, functions, modules, place, tree_of

DECLARING = {"defn", "signal", "update", "query"}


def test_everything_on_the_wire_has_a_name_of_its_own() -> None:
    unnamed = [place(path, mark.lineno) for path, mark in _declarations() if _name(mark) is None]

    assert unnamed == []


def test_no_two_names_of_a_kind_are_the_same() -> None:
    written = Counter(
        (constant.partition("_")[0], value)
        for constant, value in vars(names).items()
        if constant.isupper() and isinstance(value, str)
    )

    assert [name for name, count in written.items() if count > 1] == []


def test_every_event_is_a_signal_and_every_signal_an_event() -> None:
    events = ROOT / "schemas" / "events.py"

    kinds = {
        node.value.value
        for node in ast.walk(tree_of(events))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "kind"
        and isinstance(node.value, ast.Constant)
    }

    assert set(_signals()) == kinds


def _signals() -> Iterator[object]:
    for _, mark in _declarations():
        match mark:
            case ast.Call(func=ast.Attribute(attr="signal"), keywords=[ast.keyword(value=value)]):
                yield value.value if isinstance(value, ast.Constant) else ast.unparse(value)
            case _:
                pass


def _declarations() -> Iterator[tuple[Path, ast.expr]]:
    for path in modules("schemas", "workflows", "activities"):
        tops = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]
        for declared in (*tops, *functions(path)):
            yield from ((path, mark) for mark in declared.decorator_list if _declares(mark))


def _declares(mark: ast.expr) -> bool:
    target = mark.func if isinstance(mark, ast.Call) else mark
    match target:
        case ast.Attribute(value=ast.Name(id="workflow" | "activity"), attr=attribute):
            return attribute in DECLARING
        case _:
            return False


def _name(mark: ast.expr) -> ast.expr | None:
    given = mark.keywords if isinstance(mark, ast.Call) else []
    return next((word.value for word in given if word.arg == "name"), None)

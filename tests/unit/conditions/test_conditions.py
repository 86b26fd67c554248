import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from schemas.conditions import (
    Both,
    Comparison,
    Condition,
    Constant,
    Either,
    Fact,
    Happened,
    Opposite,
)
from workflows.deciding.conditions import Known, holds

SCORE = Fact(of="contact", path="score")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def compared(by: str, value: JsonValue) -> Condition:
    return Comparison.model_validate(
        {"by": by, "left": SCORE, "right": {"op": "constant", "value": value}}
    )


@pytest.mark.parametrize(
    ("by", "value"),
    [("eq", 3), ("ne", 4), ("lt", 4), ("le", 3), ("gt", 2), ("ge", 3), ("in", [1, 3])],
)
def test_a_comparison_reads_the_named_fact(by: str, value: JsonValue) -> None:
    assert holds(compared(by, value), Known(contact={"score": 3}))


@pytest.mark.parametrize("by", ["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in"])
def test_a_missing_value_makes_every_comparison_false(by: str) -> None:
    assert not holds(compared(by, [1]), Known())


def test_the_opposite_of_a_false_comparison_is_true() -> None:
    assert holds(Opposite(part=compared("eq", 3)), Known())


def test_no_condition_holds() -> None:
    assert holds(None, Known())


def test_and_needs_all_and_or_needs_one() -> None:
    yes, no = Constant(value=True), Constant(value=False)

    assert holds(Both(parts=(yes, yes)), Known())
    assert not holds(Both(parts=(yes, no)), Known())
    assert holds(Either(parts=(no, yes)), Known())


def test_what_happened_is_known_by_step() -> None:
    known = Known(steps={"clicked": frozenset({"case-study"})}, replied=True)

    assert holds(Happened(what="clicked", step="case-study"), known)
    assert not holds(Happened(what="opened", step="case-study"), known)
    assert holds(Happened(what="replied"), known)


def test_a_dotted_path_goes_into_nested_values() -> None:
    known = Known(data={"plan": {"name": "team"}})

    plan = Fact(of="data", path="plan.name")

    assert holds(Comparison(by="eq", left=plan, right=Constant(value="team")), known)


@given(by=st.sampled_from(["eq", "lt", "in", "not_in"]), left=JSON, right=JSON)
def test_no_values_can_make_it_raise(by: str, left: JsonValue, right: JsonValue) -> None:
    known = Known(contact={"score": left})

    assert holds(compared(by, right), known) in {True, False}

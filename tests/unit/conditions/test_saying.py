import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from authoring.language.conditions import parse_condition
from authoring.language.vocabulary import whenever
from authoring.text.faults import Slip
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
from workflows.deciding.conditions import Known, holds
from workflows.deciding.saying import deciding, shown_value, truth, values_of, written

VP = 'contact.role == "vp-ops" and contact.country in ["US", "CA"]'
LEAVES: st.SearchStrategy[Condition] = st.sampled_from(
    [
        Fact(of="contact", path="vip"),
        Fact(of="key"),
        Happened(what="clicked", step="intro"),
        Happened(what="replied"),
        Count(event="login"),
        Comparison(by="lt", left=Fact(of="data", path="seats"), right=Constant(value=3)),
        Comparison(by="in", left=Fact(of="contact", path="x"), right=Constant(value=["a", 1])),
        Comparison(by="eq", left=Fact(of="contact", path="x"), right=Constant(value=None)),
    ]
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Opposite, part=inner)
        | st.builds(Both, parts=st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Either, parts=st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
FACTS = st.dictionaries(st.sampled_from(["vip", "x"]), st.sampled_from([None, True, "a", 1, 7]))


def condition(text: str) -> Condition:
    read = parse_condition(text, whenever(("intro",)))
    assert not isinstance(read, Slip), read
    return read


@pytest.mark.parametrize(
    "text",
    [
        VP,
        "not (contact.vip or replied())",
        'count("login", last="7 days") < 2',
        '(contact.a or contact.b) and not clicked("intro")',
        "data.plan not in [1, true, none]",
    ],
)
def test_a_condition_is_written_as_it_was_read(text: str) -> None:
    assert written(condition(text)) == text


@given(made=CONDITIONS, contact=FACTS, logins=st.integers(0, 1))
def test_what_is_written_means_the_same(
    made: Condition, contact: dict[str, JsonValue], logins: int
) -> None:
    known = Known(contact=contact, replied=True, counts={"login": logins})

    assert holds(condition(written(made)), known) == holds(made, known)


@given(made=CONDITIONS, contact=FACTS)
def test_the_parts_that_decide_are_there_and_their_values_said(
    made: Condition, contact: dict[str, JsonValue]
) -> None:
    known = Known(contact=contact)

    assert deciding(made, known)
    assert all(one in written(made) for one in map(written, deciding(made, known)))
    assert values_of(made, known)


@pytest.mark.parametrize(
    ("facts", "values"),
    [
        ({"role": "vp-ops", "country": "DE"}, 'contact.country is "DE"'),
        ({"country": "US"}, "contact.role is not there"),
        ({"role": "cto"}, 'contact.role is "cto", contact.country is not there'),
    ],
)
def test_only_what_fails_is_named_with_the_value_it_saw(
    facts: dict[str, JsonValue], values: str
) -> None:
    assert truth(condition(VP), Known(contact=facts)) == f"{VP} is not true: {values}"


def test_a_true_condition_names_what_makes_it_true() -> None:
    told = truth(condition("contact.vip or data.seats > 5"), Known(data={"seats": 9}))

    assert told == "contact.vip or data.seats > 5 is true: data.seats is 9"


def test_a_question_that_nobody_asked_is_for_the_database() -> None:
    told = values_of(condition('count("login") > 2'), Known())

    assert told == 'count("login") is known to the database alone'


def test_a_long_value_is_cut_and_a_broken_one_is_escaped() -> None:
    assert shown_value("x" * 200) == f'"{"x" * 78}…'
    assert shown_value("\ud800") == '"\\ud800"'

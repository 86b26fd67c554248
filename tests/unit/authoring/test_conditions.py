import pytest

from authoring.language.conditions import parse_condition
from authoring.language.vocabulary import AUDIENCE, WHERE, whenever
from authoring.text.faults import Slip
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

STEPS = whenever(("intro", "case-study"))
ROLE = Fact(of="contact", path="role")
COUNTED = 'write `count("login", last="7 days")`'


def condition(text: str) -> Condition:
    read = parse_condition(text, STEPS)
    assert not isinstance(read, Slip), read
    return read


def slip(text: str) -> Slip:
    read = parse_condition(text, STEPS)
    assert isinstance(read, Slip)
    return read


@pytest.mark.parametrize(
    ("sign", "by"),
    [
        ("==", "eq"),
        ("!=", "ne"),
        ("<", "lt"),
        ("<=", "le"),
        (">", "gt"),
        (">=", "ge"),
        ("in", "in"),
        ("not in", "not_in"),
    ],
)
def test_each_comparison_is_known(sign: str, by: str) -> None:
    read = condition(f'contact.role {sign} "vp-ops"')

    right = Constant(value="vp-ops")
    assert read == Comparison.model_validate({"by": by, "left": ROLE, "right": right})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"x"', "x"),
        ("'x'", "x"),
        ("3", 3),
        ("-3", -3),
        ("2.5", 2.5),
        ("true", True),
        ("none", None),
        ('["US", "CA"]', ["US", "CA"]),
        ("[]", []),
    ],
)
def test_literals_are_text_numbers_truth_none_and_lists(text: str, value: object) -> None:
    assert condition(text) == Constant.model_validate({"value": value})


def test_chained_comparisons_become_and() -> None:
    age = Fact(of="contact", path="age")
    low = Comparison(by="lt", left=Constant(value=1), right=age)
    high = Comparison(by="le", left=age, right=Constant(value=9))

    assert condition("1 < contact.age <= 9") == Both(parts=(low, high))


def test_and_or_and_not_nest_as_written() -> None:
    read = condition("contact.a or contact.b or not contact.c and contact.d")

    a, b, c, d = (Fact(of="contact", path=name) for name in "abcd")
    assert read == Either(parts=(a, b, Both(parts=(Opposite(part=c), d))))


@pytest.mark.parametrize("what", ["sent", "opened", "clicked"])
def test_questions_name_steps_that_mail(what: str) -> None:
    assert condition(f'{what}("intro")') == Happened.model_validate({"what": what, "step": "intro"})


def test_replied_names_no_step() -> None:
    assert condition("replied()") == Happened(what="replied")


def test_key_and_facts_within_facts_are_known() -> None:
    read = condition("key == data.order.id")

    right = Fact(of="data", path="order.id")
    assert read == Comparison(by="eq", left=Fact(of="key"), right=right)


def test_a_long_chain_stays_flat() -> None:
    read = condition(" and ".join(["contact.role"] * 100))

    assert read == Both(parts=(ROLE,) * 100)


@pytest.mark.parametrize(
    ("text", "offset", "sentence"),
    [
        ('contact.role = "x"', 13, "`=` is not known; did you mean `==`?"),
        ("contact.a && contact.b", 10, "`&&` is not known; did you mean `and`?"),
        ("contact.a || contact.b", 11, "`|` is not known; did you mean `or`?"),
        ("! contact.a", 0, "`!` is not known; did you mean `not`?"),
        (
            'clicked("case-studdy")',
            8,
            (
                "`case-studdy` is no step of this sequence that sends a mail; "
                "did you mean `case-study`?"
            ),
        ),
        ("contct.role == 1", 0, "`contct` does not exist; did you mean `contact`?"),
        (
            'contact.role == "a" and plan == 1',
            24,
            "`plan` does not exist; name `contact.…` or `data.…` or `key`, or put text in quotes",
        ),
        ("contact", 0, "`contact` alone says nothing; say which of its facts: `contact.…`"),
        ("event.amount > 1", 0, "`event` is not known here; name `contact.…` or `data.…` or `key`"),
        ("clicked", 0, '`clicked` is a question; write `clicked("…")`'),
        ('clickd("intro")', 0, "`clickd(…)` does not exist; did you mean `clicked`?"),
        ("count() < 2", 5, f"`count` is not asked like this; {COUNTED}"),
        ('count("login", since="7 days")', 5, f"`count` is not asked like this; {COUNTED}"),
        (
            'count("login", last="soon") < 2',
            20,
            "`soon` is not a duration; write a number and a unit, for example `3 days`",
        ),
        (
            'count("login", last="3 business days")',
            20,
            f"`3 business days` is no time to look back; {COUNTED}",
        ),
        ("replied(1)", 7, "`replied` is not asked like this; write `replied()`"),
        ("sent()", 4, '`sent` is not asked like this; write `sent("the id of a step")`'),
        ('sent(step="intro")', 4, "`sent(…)` takes no named arguments"),
        (
            "contact.country in [US]",
            20,
            (
                "only text, numbers, true, false and none can stand here; "
                'write text in quotes: `["US", "CA"]`'
            ),
        ),
        ("contact.a is defined", 10, "`is` cannot stand in a condition; compare with `==`"),
        (
            "contact.first-name",
            0,
            (
                "arithmetic cannot stand in a condition; "
                "a name with a hyphen cannot be used; use an underscore"
            ),
        ),
        (
            "contact.role ==",
            13,
            'the condition ends too early; write it like `contact.role == "vp-ops"`',
        ),
        (
            '"unclosed',
            0,
            (
                'the condition cannot be read from `"unclosed` on; '
                'write it like `contact.role == "vp-ops"`'
            ),
        ),
    ],
)
def test_a_slip_says_where_and_what_was_meant(text: str, offset: int, sentence: str) -> None:
    read = slip(text)

    assert read.offset == offset
    assert f"{read.problem}; {read.mend}".removesuffix("; ") == sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "(" * 300 + "1" + ")" * 300,
        "not " * 400 + "contact.a",
        "contact.a == " + "9" * 1_900,
        "contact.a == 1e999",
        'contact.a == "\\ud800"',
        'contact.a == "\\0"',
        "x" * 2_001,
        "}} {{ 1",
        "contact.a if contact.b else contact.c",
        'contact["role"]',
        "contact.a ~ contact.b",
        "{}",
        '("US", "CA")',
        "contact.a() == 1",
        "contact.__class__()",
    ],
)
def test_nothing_else_is_a_condition(text: str) -> None:
    assert isinstance(parse_condition(text, STEPS), Slip)


def test_an_audience_cannot_ask_what_happened() -> None:
    read = parse_condition('clicked("intro")', AUDIENCE)

    assert isinstance(read, Slip)
    assert "cannot be asked here" in read.problem


def test_the_where_of_an_event_names_the_event_and_the_key_only() -> None:
    assert not isinstance(parse_condition("event.order_id == key", WHERE), Slip)
    assert isinstance(parse_condition("contact.role == key", WHERE), Slip)


def test_what_is_read_means_what_was_written() -> None:
    read = condition('contact.role == "vp-ops" and contact.country in ["US", "CA"]')

    assert holds(read, Known(contact={"role": "vp-ops", "country": "CA"}))
    assert not holds(read, Known(contact={"role": "vp-ops", "country": "DE"}))
    assert not holds(read, Known(contact={"role": "vp-ops"}))

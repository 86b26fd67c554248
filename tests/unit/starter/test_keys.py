import pytest
from pydantic import JsonValue

from schemas.conditions import Fact
from schemas.contact import Contact
from schemas.outcomes import Refused
from starter.enrolling.keys import key_for
from tests.builders import a_sequence, an_email

ADA = Contact(id="c1", email="ada@example.com", attributes={"account": "A-7"})
PER_ORDER = a_sequence(an_email("intro"), key=Fact(of="data", path="order.id"))
PLAIN = a_sequence(an_email("intro"))


def _ordered(name: JsonValue) -> dict[str, JsonValue]:
    return {"order": {"id": name}}


@pytest.mark.parametrize(
    ("value", "key"), [("1007", "1007"), (1007, "1007"), (" A-1.b_c ", "A-1.b_c")], ids=repr
)
@pytest.mark.parametrize("repeated", [True, False])
def test_the_key_is_what_the_sequence_says(value: JsonValue, key: str, *, repeated: bool) -> None:
    given = key if repeated else None

    assert key_for(PER_ORDER, given, ADA, _ordered(value)) == key


def test_the_key_may_be_the_contacts() -> None:
    per_account = a_sequence(an_email("intro"), key=Fact(of="contact", path="account"))

    assert key_for(per_account, None, ADA, {}) == "A-7"


@pytest.mark.parametrize(
    "value",
    [None, True, 1.5, ["1007"], "", "has space", "a/b", "x" * 101, "-1", "ada@example.com"],
    ids=repr,
)
def test_a_value_that_is_missing_or_no_key_is_refused_without_being_quoted(
    value: JsonValue,
) -> None:
    refused = key_for(PER_ORDER, None, ADA, _ordered(value))

    assert isinstance(refused, Refused)
    assert refused.reason == "missing_key"
    assert refused.message.startswith("welcome is per data.order.id")
    assert "@" not in refused.message


def test_another_key_than_the_sequence_says_is_refused() -> None:
    refused = key_for(PER_ORDER, "1008", ADA, _ordered("1007"))

    assert isinstance(refused, Refused)
    assert refused.reason == "other_key"


def test_a_sequence_that_is_per_contact_has_no_key() -> None:
    assert key_for(PLAIN, None, ADA, _ordered("1007")) is None


def test_a_key_that_the_sequence_does_not_ask_for_is_refused() -> None:
    refused = key_for(PLAIN, "order-1", ADA, {})

    assert isinstance(refused, Refused)
    assert refused.reason == "other_key"

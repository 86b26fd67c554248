"""An address's keys."""

import pytest

from storage.people.addresses import canonical_key, domain_of, exact_key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("  Ada@Example.COM ", "ada@example.com"),
        ("x@bücher.example", "x@xn--bcher-kva.example"),
        ("x@XN--BCHER-KVA.example", "x@xn--bcher-kva.example"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("ada+news@example.com", "ada+news@example.com"),
        ("not an address", "not an address"),
    ],
)
def test_an_address_has_one_exact_key_however_it_is_written(address: str, key: str) -> None:
    assert exact_key(address) == key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("ada+news@example.com", "ada@example.com"),
        ("a.d.a+x@googlemail.com", "ada@gmail.com"),
        ("a.d.a@example.com", "a.d.a@example.com"),
        ("+x@example.com", "+x@example.com"),
    ],
)
def test_spellings_of_one_mailbox_have_one_canonical_key(address: str, key: str) -> None:
    assert canonical_key(address) == key


def test_the_domain_is_in_ascii() -> None:
    assert domain_of("x@Bücher.example") == "xn--bcher-kva.example"

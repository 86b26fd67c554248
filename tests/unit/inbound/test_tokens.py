import string
from uuid import UUID

import pytest

from inbound.tokens import Keys, mint, read

SEND = UUID("0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c11")
OTHER = UUID("0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c12")
KEYS = Keys.of(["a-secret-of-enough-length"])


def test_a_token_names_its_send() -> None:
    assert read(mint("reply", SEND, KEYS), "reply", KEYS) == SEND


def test_a_token_survives_a_server_that_folds_case() -> None:
    assert read(mint("reply", SEND, KEYS).upper(), "reply", KEYS) == SEND


def test_a_token_fits_into_a_local_part() -> None:
    token = mint("reply", SEND, KEYS)

    assert len(f"r-{token}") <= 60
    assert set(token) <= set(string.ascii_lowercase + "234567")


def test_a_reply_token_does_not_unsubscribe() -> None:
    assert read(mint("reply", SEND, KEYS), "unsubscribe", KEYS) is None


def test_an_old_key_is_still_accepted_after_a_rotation() -> None:
    rotated = Keys.of(["a-newer-secret-of-length", "a-secret-of-enough-length"])

    assert read(mint("reply", SEND, KEYS), "reply", rotated) == SEND
    assert mint("reply", SEND, rotated) != mint("reply", SEND, KEYS)


def test_a_foreign_key_is_not_accepted() -> None:
    foreign = Keys.of(["somebody-elses-secret-key"])

    assert read(mint("reply", SEND, foreign), "reply", KEYS) is None


def test_no_single_changed_character_is_accepted() -> None:
    token = mint("reply", SEND, KEYS)
    alphabet = string.ascii_lowercase + "234567"
    changed = [
        token[:i] + letter + token[i + 1 :]
        for i in range(len(token))
        for letter in alphabet
        if letter != token[i]
    ]

    assert {read(each, "reply", KEYS) for each in changed} == {None}


@pytest.mark.parametrize(
    "text", ["", "r", "0" * 44, "é" * 44, "a" * 43, "a" * 45, "\x00" * 44, "=" * 44, " " * 44]
)
def test_anything_else_is_no_token(text: str) -> None:
    assert read(text, "reply", KEYS) is None


@pytest.mark.parametrize("secrets", [[], ["short"], ["a-secret-of-enough-length", ""]])
def test_a_weak_ring_is_refused_with_the_mend(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="16 characters"):
        Keys.of(secrets)

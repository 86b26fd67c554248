"""Signatures of webhooks."""

import pytest

from starter.outgoing.hooks import signature, signing_keys

SECRET = "whsec_" + "c2VjcmV0LW9mLXR3ZW50eS1mb3VyLWJ5dGVz"


# The example of the specification's reference libraries.
def test_signatures_are_those_of_the_specification() -> None:
    keys = signing_keys(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    body = b'{"test": 2432232314}'

    made = signature(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["whsec_c2hvcnQ=", "whsec_***", SECRET.removeprefix("whsec_")])
def test_a_secret_of_another_form_is_refused_without_being_told(secret: str) -> None:
    with pytest.raises(ValueError, match="openssl rand -base64 32") as refused:
        signing_keys([secret])

    assert secret not in str(refused.value)

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from inbound.signature import Signed, Verdict, public_keys, verdict

# The vector that SendGrid's own libraries test with: sendgrid-python test/unit/test_eventwebhook.py
KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw"
    "+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
WRONG_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntl"
    "o7aNDthvj+y7GjUuFDb/R1NGe1OPzpA=="
)
SIGNATURE = (
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtE"
    "ZtM="
)
OTHER_SIGNATURE = (
    "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3"
    "j/0="
)
TIMESTAMP = "1600112502"
EVENT = {
    "email": "hello@world.com",
    "event": "dropped",
    "reason": "Bounced Address",
    "sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
    "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
    "smtp-id": "<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",
    "timestamp": 1600112492,
}
BODY = json.dumps([EVENT], sort_keys=True, separators=(",", ":")).encode() + b"\r\n"

NOW = datetime.fromtimestamp(1600112502, UTC)
DAY = timedelta(hours=25)


def judged(
    *,
    body: bytes = BODY,
    signature: str | None = SIGNATURE,
    timestamp: str | None = TIMESTAMP,
    keys: tuple[str, ...] = (KEY,),
    now: datetime = NOW,
) -> Verdict:
    signed = Signed(body=body, signature=signature, timestamp=timestamp)
    return verdict(signed, public_keys(keys), now, DAY)


def test_the_published_vector_is_genuine() -> None:
    assert judged() is Verdict.GENUINE


def test_any_key_of_the_ring_will_do() -> None:
    assert judged(keys=(WRONG_KEY, KEY)) is Verdict.GENUINE


def test_without_a_key_nothing_is_genuine() -> None:
    assert judged(keys=()) is Verdict.FORGED


def test_the_wrong_key_is_not_accepted() -> None:
    assert judged(keys=(WRONG_KEY,)) is Verdict.FORGED


@pytest.mark.parametrize("body", [b"payload", b"", BODY.rstrip(), BODY + b" ", b"\xff\xfe"])
def test_another_body_is_forged(body: bytes) -> None:
    assert judged(body=body) is Verdict.FORGED


@pytest.mark.parametrize(
    "signature",
    [OTHER_SIGNATURE, "", "%%%", SIGNATURE + "\n", SIGNATURE[:-1], "MEU*" + SIGNATURE[4:], "é"],
)
def test_another_signature_is_forged(signature: str) -> None:
    assert judged(signature=signature) is Verdict.FORGED


@pytest.mark.parametrize(
    "timestamp",
    [
        "timestamp",
        "",
        "1600112503",
        "1600112502\n",
        "16001125020",
        "\u0661600112502",
        " 1600112502",
    ],
)
def test_another_timestamp_is_forged(timestamp: str) -> None:
    assert judged(timestamp=timestamp) is Verdict.FORGED


def test_a_digit_moved_from_the_timestamp_into_the_body_is_forged() -> None:
    assert judged(timestamp=TIMESTAMP[:-1], body=b"2" + BODY) is Verdict.FORGED


@pytest.mark.parametrize(("signature", "timestamp"), [(None, TIMESTAMP), (SIGNATURE, None)])
def test_a_missing_header_is_unsigned(signature: str | None, timestamp: str | None) -> None:
    assert judged(signature=signature, timestamp=timestamp) is Verdict.UNSIGNED


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW + DAY, Verdict.GENUINE),
        (NOW + DAY + timedelta(seconds=1), Verdict.OUT_OF_TIME),
        (NOW - timedelta(minutes=5), Verdict.GENUINE),
        (NOW - timedelta(minutes=5, seconds=1), Verdict.OUT_OF_TIME),
    ],
)
def test_a_signature_counts_for_as_long_as_sendgrid_retries(
    now: datetime, expected: Verdict
) -> None:
    assert judged(now=now) is expected


@pytest.mark.parametrize("text", ["", "MFkw", "not base64!", b64encode(b"x" * 91).decode()])
def test_a_text_that_is_no_key_is_refused_with_the_mend(text: str) -> None:
    with pytest.raises(ValueError, match="copy it from SendGrid"):
        public_keys([text])


def test_a_key_on_another_curve_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP384R1()).public_key()
    text = b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()

    with pytest.raises(ValueError, match="copy it from SendGrid"):
        public_keys([text])


def test_what_we_sign_ourselves_is_genuine() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = b64encode(
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    signature = b64encode(key.sign(b"1600112502\x00\xff", ec.ECDSA(SHA256()))).decode()

    assert judged(body=b"\x00\xff", signature=signature, keys=(text,)) is Verdict.GENUINE

"""The signature of the webhooks, against the published vector (reference 2.4)."""

import base64
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from devstack.emulator.signing import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    load_key,
    public_key_of,
    signed_headers,
)
from tests.devstack.emulator.desk import Desk, Heard

# Made by the real webhook; printed in the tests of SendGrid's own libraries.
PUBLIC_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw"
    "+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
SIGNATURE = (
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM"
    "+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
)
TIMESTAMP = "1600112502"
BODY = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",'
    b'"timestamp":1600112492}]\r\n'
)


def is_genuine(public_key: str, heard: Heard) -> bool:
    key = load_der_public_key(base64.b64decode(public_key, validate=True))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signature = base64.b64decode(heard.headers[SIGNATURE_HEADER.lower()], validate=True)
    signed = heard.headers[TIMESTAMP_HEADER.lower()].encode() + heard.body
    try:
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def heard(headers: dict[str, str], body: bytes) -> Heard:
    return Heard("/", {name.lower(): value for name, value in headers.items()}, body)


def test_the_verifier_of_these_tests_agrees_with_the_published_vector() -> None:
    headers = {SIGNATURE_HEADER: SIGNATURE, TIMESTAMP_HEADER: TIMESTAMP}

    assert is_genuine(PUBLIC_KEY, heard(headers, BODY))
    assert not is_genuine(PUBLIC_KEY, heard(headers, BODY.rstrip()))
    assert not is_genuine(PUBLIC_KEY, heard(headers, b"payload"))


def test_what_the_emulator_signs_is_genuine() -> None:
    key = load_key(None)

    headers = signed_headers(key, BODY, timestamp=int(TIMESTAMP))

    assert headers[TIMESTAMP_HEADER] == TIMESTAMP
    assert is_genuine(public_key_of(key), heard(headers, BODY))
    assert not is_genuine(public_key_of(key), heard(headers, BODY + b" "))


def test_the_key_has_the_published_ones_form() -> None:
    assert len(public_key_of(load_key(None))) == len(PUBLIC_KEY)


def test_the_key_outlives_the_program_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    first = public_key_of(load_key(tmp_path / "state"))

    assert public_key_of(load_key(tmp_path / "state")) == first
    (file,) = (tmp_path / "state").iterdir()
    assert file.stat().st_mode & 0o077 == 0


async def test_every_webhook_is_signed_with_the_key_that_the_api_gives(desk: Desk) -> None:
    await desk.mail(personalizations=[{"to": [{"email": "otto+ooo@example.com"}]}])

    key = await desk.client.public_key()
    assert {heard.path for heard in desk.webhook.heard} == {"/events", "/inbound"}
    assert all(is_genuine(key, heard) for heard in desk.webhook.heard)

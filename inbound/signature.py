"""Whether a webhook's body was signed by SendGrid: ECDSA over the raw bytes."""

import re
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from schemas.values import Value

# https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"

PublicKeys = tuple[EllipticCurvePublicKey, ...]

# A looser pattern would let digits move from the timestamp's end to the body's front.
_TIMESTAMP = re.compile(r"\A[0-9]{10}\Z")
_AHEAD = timedelta(minutes=5)


class Verdict(StrEnum):
    """What is known of a body's origin."""

    GENUINE = "genuine"
    UNSIGNED = "unsigned"
    FORGED = "forged"
    OUT_OF_TIME = "out of time"


class Signed(Value):
    """A body with what its headers say about it."""

    body: bytes
    signature: str | None
    timestamp: str | None


def public_keys(texts: Sequence[str]) -> PublicKeys:
    """Read keys as SendGrid shows them: Base64 of a DER SubjectPublicKeyInfo on curve P-256.

    Raises ValueError if one is something else.
    """
    return tuple(_public_key(text) for text in texts)


def verdict(signed: Signed, keys: PublicKeys, now: datetime, oldest: timedelta) -> Verdict:
    """Judge a body by any of the keys; it must have been signed within `oldest` before `now`.

    SendGrid says neither how old a signature may be nor whether a retry is signed anew, so
    `oldest` must be longer than it retries. The same body always has several valid signatures:
    never tell bodies apart by them.
    """
    if signed.signature is None or signed.timestamp is None:
        return Verdict.UNSIGNED
    if not _TIMESTAMP.match(signed.timestamp):
        return Verdict.FORGED
    if not _is_signed(signed.timestamp.encode() + signed.body, signed.signature, keys):
        return Verdict.FORGED
    return _in_time(int(signed.timestamp), now, oldest)


def _in_time(seconds: int, now: datetime, oldest: timedelta) -> Verdict:
    age = now - datetime.fromtimestamp(seconds, UTC)
    return Verdict.GENUINE if -_AHEAD <= age <= oldest else Verdict.OUT_OF_TIME


def _is_signed(message: bytes, signature: str, keys: PublicKeys) -> bool:
    try:
        proof = b64decode(signature.encode(), validate=True)
    except ValueError:
        return False
    return any(_is_by(key, proof, message) for key in keys)


def _is_by(key: EllipticCurvePublicKey, proof: bytes, message: bytes) -> bool:
    try:
        key.verify(proof, message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _public_key(text: str) -> EllipticCurvePublicKey:
    match _loaded(text):
        case EllipticCurvePublicKey(curve=SECP256R1()) as key:
            return key
    raise ValueError(
        "a webhook public key is not one: copy it from SendGrid's event webhook settings, "
        "one line that begins with MFkw"
    )


def _loaded(text: str) -> object:
    try:
        return load_der_public_key(b64decode(text.encode(), validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return None

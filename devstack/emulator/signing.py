"""The signature of SendGrid's webhooks: ECDSA on P-256 over timestamp and raw body."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/
# getting-started-event-webhook-security-features
SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"

_KEY_FILE = "webhook-key.pem"


def load_key(state: Path | None) -> ec.EllipticCurvePrivateKey:
    """Give the key kept in the state directory; make it if there is none."""
    path = state and state / _KEY_FILE
    if path and path.exists():
        return _parse_key(path)
    key = ec.generate_private_key(ec.SECP256R1())
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_pem_of(key))
    return key


def public_key_of(key: ec.EllipticCurvePrivateKey) -> str:
    """Give the public key as SendGrid shows it: Base64 of its SubjectPublicKeyInfo."""
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(spki).decode()


def signed_headers(
    key: ec.EllipticCurvePrivateKey, body: bytes, *, timestamp: int
) -> dict[str, str]:
    """Give the two headers that sign these bytes at this Unix second."""
    signature = key.sign(str(timestamp).encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        SIGNATURE_HEADER: base64.b64encode(signature).decode(),
        TIMESTAMP_HEADER: str(timestamp),
    }


def _parse_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds a key that is not elliptic: delete it to get a new one.")
    return key


def _pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

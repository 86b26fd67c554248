"""Tokens that name one of our sends in an address or a link, and cannot be made up."""

import binascii
import hashlib
import hmac
from base64 import b32decode, b32encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self
from uuid import UUID

Purpose = Literal["reply", "unsubscribe"]

_VERSION = b"\x01"
_UUID_SIZE = 16
_PROOF_SIZE = 10
_SIZE = len(_VERSION) + _UUID_SIZE + _PROOF_SIZE
_LENGTH = 44
_PADDING = b"===="
_SHORTEST_KEY = 16


@dataclass(frozen=True)
class Keys:
    """A ring of secrets: the first makes tokens, all of them are accepted."""

    ring: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, secrets: Sequence[str]) -> Self:
        """Build the ring, newest secret first.

        Raises ValueError if there is none, or one has less than 16 characters.
        """
        if not secrets or any(len(secret) < _SHORTEST_KEY for secret in secrets):
            raise ValueError("give at least one token key, each of 16 characters or more")
        return cls(tuple(secret.encode() for secret in secrets))


def mint(purpose: Purpose, send_id: UUID, keys: Keys) -> str:
    """Give the token of a send: 44 characters of `a-z2-7`.

    It fits a local part (64 octets, RFC 5321 section 4.5.3.1.1) and survives mail servers that
    fold its case. The same send, purpose and key always give the same token.
    """
    token = _VERSION + send_id.bytes + _proof(purpose, send_id.bytes, keys.ring[0])
    return b32encode(token).rstrip(b"=").decode().lower()


def read(token: str, purpose: Purpose, keys: Keys) -> UUID | None:
    """Give the send that a genuine token of this purpose names; never raises, never expires."""
    content = _decoded(token)
    if content is None:
        return None
    send, proof = content[1 : 1 + _UUID_SIZE], content[1 + _UUID_SIZE :]
    known = [hmac.compare_digest(proof, _proof(purpose, send, key)) for key in keys.ring]
    return UUID(bytes=send) if any(known) else None


def _decoded(token: str) -> bytes | None:
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        content = b32decode(token.encode() + _PADDING, casefold=True)
    except binascii.Error:
        return None
    if not content.startswith(_VERSION) or not _is_exact(content, token):
        return None
    return content


def _is_exact(content: bytes, token: str) -> bool:
    # The last character has four bits to spare; only one spelling of them is a token.
    return b32encode(content).rstrip(b"=") == token.upper().encode()


def _proof(purpose: Purpose, send: bytes, key: bytes) -> bytes:
    message = _VERSION + purpose.encode() + b"\x00" + send
    return hmac.digest(key, message, hashlib.sha256)[:_PROOF_SIZE]

"""Posting as SendGrid does."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import JsonValue

from inbound.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from storage.rows import SendRow
from tests.unit.inbound.mails import CONTENT_TYPE, a_body

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
AT = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
INBOUND = "/webhooks/inbound/path-secret"


class Sender:
    """Has a key, signs with it, posts."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        shown = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = b64encode(shown).decode()

    def headers(self, body: bytes, timestamp: str | None = None) -> dict[str, str]:
        timestamp = timestamp or str(int(NOW.timestamp()))
        proof = self._key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return {SIGNATURE_HEADER: b64encode(proof).decode(), TIMESTAMP_HEADER: timestamp}

    async def post(self, client: httpx.AsyncClient, body: bytes) -> httpx.Response:
        return await client.post("/webhooks/sendgrid", content=body, headers=self.headers(body))

    async def tell(self, client: httpx.AsyncClient, *items: JsonValue) -> None:
        answer = await self.post(client, json.dumps(items).encode() + b"\r\n")
        assert answer.status_code == httpx.codes.NO_CONTENT, answer.text


def an_item(kind: str, send: SendRow | None = None, **more: JsonValue) -> dict[str, JsonValue]:
    """Give an event of a send, or of nobody's knowing whose."""
    named: dict[str, JsonValue] = {} if send is None else {"seq_send_id": str(send.id)}
    return {
        "event": kind,
        "email": "ada@example.com",
        "timestamp": int(AT.timestamp()),
        **named,
        **more,
    }


async def post_mail(
    client: httpx.AsyncClient, fields: Mapping[str, bytes], headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Post the form of a mail that came back."""
    return await client.post(
        INBOUND,
        content=a_body(dict(fields)),
        headers={"Content-Type": CONTENT_TYPE, **(headers or {})},
    )

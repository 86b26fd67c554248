"""Services that post to us, signing as their documentation says; computed here anew."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import httpx
from pydantic import JsonValue

from tests.webhooks.posting import NOW

SAMPLES = Path(__file__).parent / "samples"
SECRETS = {
    name: f"{name}-secret" for name in ("hubspot", "stripe", "shopify", "calendly", "zendesk")
}
OWN_KEY = b"a-key-of-twenty-four-byt"
SECRETS["generic"] = f"whsec_{b64encode(OWN_KEY).decode()}"
PUBLIC = "https://mail.acme.example"


OWN: JsonValue = {
    "type": "seat_added",
    "timestamp": "2026-03-03T14:00:00Z",
    "data": {"email": "ada@example.com", "fields": {"seats": 4}},
}


def sample(name: str) -> JsonValue:
    body: JsonValue = json.loads((SAMPLES / f"{name}.json").read_text())
    return body


def body_of(name: str) -> JsonValue:
    return OWN if name == "generic" else sample(name)


def signed(name: str, body: bytes, later: int = 0, topic: str = "orders/create") -> dict[str, str]:
    """Give the headers of a body signed `later` seconds from now, by each service's own rule."""
    at = NOW + timedelta(seconds=later)
    seconds, key = str(int(at.timestamp())), SECRETS[name].encode()
    iso = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = f"POST{PUBLIC}/hooks/hubspot".encode()
    own = _64(OWN_KEY, f"msg_1.{seconds}.".encode() + body)
    pairs = hmac.new(key, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    headers_by_name = {
        "hubspot": {
            "X-HubSpot-Signature-v3": _64(key, asked + body + f"{seconds}000".encode()),
            "X-HubSpot-Request-Timestamp": f"{seconds}000",
        },
        "stripe": {"Stripe-Signature": f"t={seconds},v0=of-old,v1={pairs}"},
        "calendly": {"Calendly-Webhook-Signature": f"t={seconds},v1={pairs}"},
        "shopify": {"X-Shopify-Hmac-Sha256": _64(key, body), "X-Shopify-Topic": topic},
        "zendesk": {
            "X-Zendesk-Webhook-Signature": _64(key, iso.encode() + body),
            "X-Zendesk-Webhook-Signature-Timestamp": iso,
        },
        "generic": {
            "webhook-id": "msg_1",
            "webhook-timestamp": seconds,
            "webhook-signature": f"v1,bm8= v1,{own}",
        },
    }
    return headers_by_name[name]


async def posted(
    client: httpx.AsyncClient, name: str, content: JsonValue, topic: str = "orders/create"
) -> httpx.Response:
    body = json.dumps(content).encode()
    headers = signed(name, body, topic=topic)
    return await client.post(f"/hooks/{name}", content=body, headers=headers)


def _64(key: bytes, message: bytes) -> str:
    return b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()

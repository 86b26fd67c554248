"""Whether a request was signed as its service signs: in constant time, over the raw bytes."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from inbound.adapting.mappings import Signing
from inbound.adapting.reading import moment
from inbound.signature import Verdict

_SECRET_PREFIX = "whsec_"  # noqa: S105  how Standard Webhooks marks a secret, not one


class Request(NamedTuple):
    """A request as it came: headers by names in lower case, the URL as its sender knows it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def verdict_of(
    signing: Signing, secrets: Iterable[str], request: Request, now: datetime
) -> Verdict:
    """Judge a request by any of the secrets; one too old, or of the future, does not count."""
    written = request.headers.get(signing.header.lower())
    if not written:
        return Verdict.UNSIGNED
    pairs = _pairs(written) if signing.form == "pairs" else []
    stamp = _stamp(signing, request, pairs)
    if stamp is None and "timestamp" in signing.of:
        return Verdict.UNSIGNED
    message = _message(signing, request, stamp or "")
    proofs = list(_proofs(signing, written, pairs))
    if not any(_fits(signing, secret, message, proof) for secret in secrets for proof in proofs):
        return Verdict.FORGED
    return _in_time(signing, stamp, now)


def _in_time(signing: Signing, stamp: str | None, now: datetime) -> Verdict:
    if stamp is None:
        return Verdict.GENUINE
    signed = moment(stamp)
    if signed is None or abs(now - signed) > timedelta(seconds=signing.window):
        return Verdict.OUT_OF_TIME
    return Verdict.GENUINE


def _stamp(signing: Signing, request: Request, pairs: list[tuple[str, str]]) -> str | None:
    if signing.timestamp_header is not None:
        return request.headers.get(signing.timestamp_header.lower())
    return next((value for name, value in pairs if name == "t"), None)


def _message(signing: Signing, request: Request, stamp: str) -> bytes:
    name = request.headers.get((signing.id_header or "").lower(), "")
    texts = {"method": request.method, "url": request.url, "timestamp": stamp, "id": name}
    parts = (request.body if one == "body" else texts.get(one, one).encode() for one in signing.of)
    return b"".join(parts)


def _proofs(signing: Signing, written: str, pairs: list[tuple[str, str]]) -> Iterator[str]:
    if signing.form == "plain":
        yield written
    elif signing.form == "pairs":
        yield from (value for name, value in pairs if name == "v1")
    else:
        found = (one.partition(",") for one in written.split())
        yield from (value for version, _, value in found if version == "v1")


def _fits(signing: Signing, secret: str, message: bytes, proof: str) -> bool:
    key = _key(signing, secret)
    digest = hmac.new(key, message, hashlib.sha256).digest()
    expected = digest.hex() if signing.encoding == "hex" else b64encode(digest).decode()
    return hmac.compare_digest(expected.encode(), proof.strip().encode(errors="replace"))


def _key(signing: Signing, secret: str) -> bytes:
    if signing.key == "text":
        return secret.encode()
    try:
        return b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except ValueError:
        return secret.encode()


def _pairs(written: str) -> list[tuple[str, str]]:
    found = (one.partition("=") for one in written.split(","))
    return [(name.strip(), value.strip()) for name, _, value in found]

"""Posting webhooks, signed as the Standard Webhooks specification asks."""

import asyncio
import hmac
import json
import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from pydantic import JsonValue
from typing_extensions import override

from activities.reaching import FORBIDDEN, AsyncReaching, ForbiddenAddressError, Networks
from starter.outgoing.noticing import Door, Outcome
from storage.notices import Notice

# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
SECRET_PREFIX = "whsec_"  # noqa: S105 what every secret begins with is none
"""What a secret begins with, before 24 to 64 random bytes in Base64."""

_SHORTEST_KEY, _LONGEST_KEY = 24, 64
_PATIENCE_SECONDS = 10
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_UNSET = "POSTROAD_WEBHOOK_SECRET is not set on the worker"
_BARRED = "its address is neither https nor on this machine"


def signing_keys(secrets: Iterable[str]) -> tuple[bytes, ...]:
    """Read secrets; raises ValueError, without any of it, if one is not of the right form."""
    return tuple(map(_key, secrets))


def signature(keys: Iterable[bytes], notice: str, timestamp: int, body: bytes) -> str:
    """Sign a webhook with each key, so that receivers may change theirs at leisure.

    `timestamp` is in Unix seconds. A receiver takes it if one of the signatures fits.
    """
    signed = f"{notice}.{timestamp}.".encode() + body
    return " ".join(f"v1,{b64encode(hmac.digest(key, signed, sha256)).decode()}" for key in keys)


class HookDoor(Door):
    """Posts webhooks, to the public internet and the `private` networks that are named.

    `clock` gives Unix seconds of the real world, by which receivers judge.
    """

    def __init__(
        self,
        keys: tuple[bytes, ...],
        private: Networks = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self._clock = clock
        proxies = {key: AsyncReaching(private, proxy) for key, proxy in _proxies().items()}
        self._client = httpx.AsyncClient(
            transport=AsyncReaching(private), mounts=proxies, timeout=_PATIENCE_SECONDS
        )

    @override
    async def bring(self, notice: Notice) -> Outcome:
        """Post it: 2xx is success, 410 gives up at once, no redirect is followed."""
        url = str(notice.payload["url"])
        if not _may_be_called(url):
            return Outcome(state="gone", why=_BARRED)
        if not self._keys:
            return Outcome(state="failed", why=_UNSET)
        return await self._posted(url, notice.payload["body"])

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def _posted(self, url: str, said: JsonValue) -> Outcome:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self._post(url, said)
        except ForbiddenAddressError:
            return Outcome(state="gone", why=FORBIDDEN)
        except TimeoutError:
            return Outcome(state="failed", why=f"no answer in {_PATIENCE_SECONDS} seconds")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Outcome(state="failed", why=f"no answer ({type(error).__name__})")

    async def _post(self, url: str, said: JsonValue) -> Outcome:
        body = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
        name = str(said["id"]) if isinstance(said, dict) else ""
        now = int(self._clock())
        headers = {
            "content-type": "application/json",
            "user-agent": "Postroad",
            "webhook-id": name,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self._keys, name, now, body),
        }
        # What it answers beside its status is of no interest, however long it is.
        async with self._client.stream("POST", url, content=body, headers=headers) as response:
            return _judged(response)


def _judged(response: httpx.Response) -> Outcome:
    why = f"the endpoint answered {response.status_code}"
    if response.is_success:
        return Outcome(state="delivered")
    if response.status_code == HTTPStatus.GONE:
        return Outcome(state="gone", why=why)
    if response.is_redirect:
        return Outcome(state="failed", why=f"{why}: redirects are not followed")
    return Outcome(state="failed", why=why)


def _proxies() -> dict[str, httpx.AsyncBaseTransport]:
    """Give the proxies that the environment names, as httpx would go through them."""
    named = getproxies()
    found = {scheme: named.get(scheme) or named.get("all") for scheme in ("http", "https")}
    return {
        f"{scheme}://": httpx.AsyncHTTPTransport(proxy=url) for scheme, url in found.items() if url
    }


def _may_be_called(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (NotBase64, ValueError):
        key = b""
    if not secret.startswith(SECRET_PREFIX) or not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY:
        raise ValueError(
            f"a secret must be {SECRET_PREFIX} and 24 to 64 random bytes in Base64: "
            f"`echo {SECRET_PREFIX}$(openssl rand -base64 32)` makes one"
        )
    return key

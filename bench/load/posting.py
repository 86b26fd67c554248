"""Posting events as SendGrid does: signed batches, repeats among them, tried again until taken."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain
from random import Random

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from httpx import AsyncClient, HTTPError, Response
from pydantic import JsonValue
from pydantic_core import to_json

from bench.load.mails import Mail
from devstack.emulator.signing import signed_headers
from inbound.events import SEND_ID, parse_events

Item = dict[str, JsonValue]

# Of each of its servers one a batch, after 30 seconds at the latest: so small and large ones.
_SIZES = (1, 10, 50, 150, 400)
_PATIENCE_SECONDS = 10
_KINDS = ("processed", "delivered", "open")


@dataclass(frozen=True)
class Batch:
    """A batch as it is posted, and which of its events are in no other one."""

    body: bytes
    alone: frozenset[str]


@dataclass(frozen=True)
class Attempt:
    """One post of a batch: what was answered (None: nothing in time), after how many seconds."""

    status: int | None
    seconds: float


@dataclass
class Posted:
    """All attempts, and how many of the refused left something behind."""

    attempts: list[Attempt] = field(default_factory=list)
    half_stored: int = 0

    def seconds(self, status: int | None) -> list[float]:
        """Give how long each answer of this status took."""
        return [one.seconds for one in self.attempts if one.status == status]


def events_of(mails: Iterable[Mail], at: int) -> list[Item]:
    """Give what SendGrid tells of mails: each is delivered and opened, and who listens clicks."""
    return [
        _item(mail, kind, at)
        for mail in mails
        for kind in (*_KINDS, *(("click",) if mail.listens else ()))
    ]


def batches(events: Sequence[Item], repeats: int, dice: Random) -> list[Batch]:
    """Lay out the events in batches with so many repeats, half of these under another id."""
    again = [_again(item, dice) for item in dice.choices(events, k=repeats)]
    items = [*events, *again]
    dice.shuffle(items)
    parts: list[list[Item]] = []
    while items:
        size = dice.choice(_SIZES)
        parts.append(items[:size])
        items = items[size:]
    keys = [natural_keys(part) for part in parts]
    counts: dict[str, int] = {}
    for key in chain.from_iterable(map(set, keys)):
        counts[key] = counts.get(key, 0) + 1
    return [
        Batch(_body(part), frozenset(key for key in known if counts[key] == 1))
        for part, known in zip(parts, keys, strict=True)
    ]


def natural_keys(items: Sequence[Item]) -> list[str]:
    """Give by which each event is known, whatever id it has."""
    return [event.natural_key for event in parse_events(_body(items)) or ()]


class Posting:
    """Posts batches, each at its moment, whatever became of those before."""

    def __init__(
        self,
        clients: Sequence[AsyncClient],
        key: EllipticCurvePrivateKey,
        stored: Callable[[frozenset[str]], Awaitable[int]],
    ) -> None:
        self._clients = clients
        self._key = key
        self._stored = stored
        self.posted = Posted()

    async def post(self, laid_out: Sequence[Batch], within: float) -> None:
        """Post all within so many seconds, evenly, and those that were refused again."""
        began = time.monotonic()
        posts = []
        for number, batch in enumerate(laid_out):
            wait = began + within * number / len(laid_out) - time.monotonic()
            await asyncio.sleep(max(0, wait))
            posts.append(asyncio.create_task(self._until_taken(batch, number)))
        await asyncio.gather(*posts)

    async def _until_taken(self, batch: Batch, number: int) -> None:
        tries = 0
        while True:
            client = self._clients[(number + tries) % len(self._clients)]
            answer = await self._attempt(client, batch)
            if answer is not None and answer.is_success:
                return
            if answer is not None and answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                self.posted.half_stored += await self._stored(batch.alone) > 0
            tries += 1
            await asyncio.sleep(_pause(answer, tries))

    async def _attempt(self, client: AsyncClient, batch: Batch) -> Response | None:
        headers = signed_headers(self._key, batch.body, timestamp=int(time.time()))
        began = time.perf_counter()
        try:
            answer = await client.post(
                "/webhooks/sendgrid",
                content=batch.body,
                headers=headers,
                timeout=_PATIENCE_SECONDS,
            )
        except HTTPError:
            answer = None
        status = None if answer is None else answer.status_code
        self.posted.attempts.append(Attempt(status, time.perf_counter() - began))
        return answer


def _pause(answer: Response | None, tries: int) -> float:
    said = None if answer is None else answer.headers.get("Retry-After")
    return float(said) if said else min(2.0**tries, 30)


def _again(item: Item, dice: Random) -> Item:
    return item | {"sg_event_id": f"{dice.getrandbits(128):032x}"} if dice.random() < 0.5 else item  # noqa: PLR2004


def _item(mail: Mail, kind: str, at: int) -> Item:
    more: Item = {"url": "https://acme.example/docks"} if kind == "click" else {}
    return {
        "email": mail.email,
        "event": kind,
        "timestamp": at,
        "smtp-id": f"<{mail.send}@bench.example>",
        "category": ["bench"],
        "sg_event_id": f"{kind}-{mail.send.hex}",
        "sg_message_id": f"{mail.provider_id}.filterdrecv-5f54b5d587-pczkj-1-5F5FC76C-9.0",
        "useragent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "ip": "192.0.2.25",
        SEND_ID: str(mail.send),
        **more,
    }


def _body(items: Sequence[Item]) -> bytes:
    return to_json(items) + b"\r\n"

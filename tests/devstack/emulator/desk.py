"""A running emulator with a webhook that listens to it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import HTTP, default
from typing import Any

import httpx
from pydantic import JsonValue, SecretStr, TypeAdapter
from sendgrid import (  # type: ignore[import-untyped] # ships no types
    SendGridAPIClient,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from devstack.emulator.app import build_emulator
from devstack.emulator.client import EmulatorClient, plain_client
from devstack.emulator.config import EmulatorConfig
from devstack.emulator.records import JsonObject

MORNING = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
KEY = "SG.right"

# Pauses short enough that a test need not know of them.
DEFAULT = EmulatorConfig(
    api_key=SecretStr(KEY),
    first_pause=timedelta(milliseconds=1),
    longest_pause=timedelta(milliseconds=20),
)

_EVENTS: TypeAdapter[list[JsonObject]] = TypeAdapter(list[dict[str, JsonValue]])


@dataclass(frozen=True)
class Heard:
    """A request that the webhook got."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[JsonObject]:
        return _EVENTS.validate_json(self.body)

    @property
    def form(self) -> dict[str, bytes]:
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts()
        return {str(p.get_param("name", header="content-disposition")): _bytes(p) for p in parts}

    @property
    def mail(self) -> EmailMessage:
        return BytesParser(policy=default).parsebytes(self.form["email"])


@dataclass
class Webhook:
    """A webhook that remembers what it gets; it answers 200 unless `answers` says otherwise."""

    heard: list[Heard] = field(default_factory=list)
    answers: deque[int] = field(default_factory=deque)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.heard.append(Heard(scope["path"], headers, body))
        status = self.answers.popleft() if self.answers else 200
        await Response(f"answer {status}", status_code=status)(scope, receive, send)

    def events(self) -> list[JsonObject]:
        return [event for heard in self.heard if heard.path == "/events" for event in heard.events]

    def inbound(self) -> list[Heard]:
        return [heard for heard in self.heard if heard.path == "/inbound"]


@dataclass(frozen=True)
class Desk:
    """All that a test needs at hand."""

    address: str
    client: EmulatorClient
    webhook: Webhook
    webhook_address: str
    http: httpx.AsyncClient

    async def send(self, payload: JsonObject, *, timeout_after: float = 5) -> Any:  # noqa: ANN401 - the official client's own answer is untyped
        sendgrid = SendGridAPIClient(KEY, host=self.address)
        sendgrid.client.timeout = timeout_after
        return await asyncio.to_thread(sendgrid.client.mail.send.post, request_body=payload)

    async def mail(self, **changes: JsonValue) -> str:
        await self.send(a_mail(**changes))
        await self.client.drain()
        return (await self.client.mails())[-1].id


class Switchboard:
    """One server for all tests: the first part of the path tells the applications apart."""

    def __init__(self) -> None:
        self.address = ""
        self._applications: dict[str, ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _, name, rest = scope["path"].split("/", 2)
            await self._applications[name]({**scope, "path": f"/{rest}"}, receive, send)

    def connect(self, application: ASGIApp) -> str:
        name = str(len(self._applications))
        self._applications[name] = application
        return f"{self.address}/{name}"


@asynccontextmanager
async def a_desk(switchboard: Switchboard, config: EmulatorConfig = DEFAULT) -> AsyncIterator[Desk]:
    webhook = Webhook()
    hook = switchboard.connect(webhook)
    urls = {"webhook_url": f"{hook}/events", "inbound_url": f"{hook}/inbound"}
    switches = config.switches.model_copy(update=urls)
    emulator = build_emulator(config.model_copy(update={"switches": switches}))
    address = switchboard.connect(emulator)
    async with (
        emulator.router.lifespan_context(emulator),
        EmulatorClient(address, api_key=KEY) as client,
        plain_client(address) as http,
    ):
        yield Desk(address, client, webhook, hook, http)


def a_mail(**changes: JsonValue) -> JsonObject:
    return {
        "personalizations": [{"to": [{"email": "ada@example.com", "name": "Ada"}]}],
        "from": {"email": "rep@sender.example", "name": "Rep"},
        "subject": "A question",
        "content": [
            {"type": "text/plain", "value": "Hello Ada, see https://sender.example/case."},
            {
                "type": "text/html",
                "value": '<p>Hello Ada, <a href="https://sender.example/case">see</a> '
                '<a href="https://sender.example/book">book</a></p>',
            },
        ],
        "custom_args": {"seq_send_id": "send-1", "seq_at": MORNING.isoformat()},
        "categories": ["seq"],
        **changes,
    }


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content

"""SendGrid's Email Activity Feed, in which a mail in doubt may be found, where the plan has it."""

import time
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from pydantic import ValidationError

from activities.mailing.saying import said, wait_for_reset
from inbound.events import SEND_ID
from schemas.values import Value


class Listed(Value):
    """SendGrid has the mail; `words` say how it is listed."""

    words: str


class Unlisted(Value):
    """The feed says nothing of the mail, or cannot be asked; neither shows that it did not go."""

    words: str


class AskLater(Value):
    """The feed could not say it now; after `wait` it may."""

    words: str
    wait: timedelta | None = None


class Feed:
    """Looks mails up by the id of the send that each carries; safe to share between threads."""

    def __init__(
        self,
        api_key: str,
        base_url: str,
        *,
        timeout: float = 10,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/v3/messages"
        self._headers = {"Authorization": f"Bearer {api_key.strip()}"}
        self._trusts = urlsplit(base_url).hostname not in _LOOPBACK
        self._timeout = timeout
        self._clock = clock

    def look_up(self, send: UUID) -> Listed | Unlisted | AskLater:
        """Look a mail up; a mail that SendGrid has may be missing there for minutes."""
        query = {"query": f"(unique_args['{SEND_ID}']=\"{send}\")", "limit": "10"}
        try:
            with httpx.Client(trust_env=self._trusts, timeout=self._timeout) as client:
                answer = client.get(self._url, params=query, headers=self._headers)
        except httpx.TransportError as fault:
            return AskLater(words=f"the activity feed did not answer ({type(fault).__name__})")
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Listed | Unlisted | AskLater:
        if answer.status_code == HTTPStatus.OK:
            return _found(answer.content)
        told = f"the activity feed answered {answer.status_code} ({said(answer.content)})"
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return AskLater(words=told, wait=wait_for_reset(answer.headers, self._clock()))
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return AskLater(words=told)
        return Unlisted(words=told)


class _Message(Value):
    msg_id: str
    status: str = "processed"


class _Messages(Value):
    messages: tuple[_Message, ...]


def _found(body: bytes) -> Listed | Unlisted | AskLater:
    try:
        messages = _Messages.model_validate_json(body).messages
    except ValidationError:
        return AskLater(words="the activity feed's answer cannot be read")
    if not messages:
        return Unlisted(words="the activity feed does not have it")
    first = messages[0]
    return Listed(words=f"the activity feed has it as {first.msg_id} ({first.status})")


_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

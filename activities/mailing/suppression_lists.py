"""SendGrid's own lists of whom it delivers nothing to, read page by page."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPResponse
from typing import Final, Literal, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request

from pydantic import JsonValue

from activities.mailing.connecting import Connecting
from schemas.values import Value

ListName = Literal["bounces", "spam_reports", "unsubscribes", "invalid_emails", "groups"]
LISTS: Final[tuple[ListName, ...]] = (
    *("unsubscribes", "groups", "spam_reports", "bounces", "invalid_emails"),
)
"""The lists that are read; blocks are none of them: they stop no later mail."""

PAGE = 500
"""So many entries SendGrid gives at most at once."""


class Listed(Value):
    """An address on a list, since when, and what SendGrid says of it."""

    on: ListName
    email: str
    at: datetime
    said: dict[str, JsonValue]


class ListsError(Exception):
    """SendGrid does not show its lists; the message says why, and what to mend."""


class _Answer(NamedTuple):
    status: int
    body: bytes
    headers: Mapping[str, str]


class SuppressionLists:
    """Reads the lists of one account; `sleep` waits, in seconds of the real world."""

    def __init__(
        self,
        api_key: str,
        base_url: str,
        *,
        timeout: float = 30,
        page: int = PAGE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key, self._url = api_key.strip(), base_url.rstrip("/")
        self._timeout, self._page = timeout, page
        self._connecting = Connecting(base_url)
        self._sleep = sleep

    def pages(self, on: ListName, since: datetime | None = None) -> Iterator[list[Listed]]:
        """Give a list page by page, from `since` on by SendGrid's clock.

        Raises ListsError if SendGrid does not show it.
        """
        if on == "groups":
            # All groups at once: this one knows neither pages nor moments.
            rows = self._rows("/v3/asm/suppressions")
            yield [one for row in rows for one in _listed(on, row) if not since or one.at >= since]
            return
        start = {} if since is None else {"start_time": int(since.timestamp())}
        offset, rows = 0, [{}]
        while rows:
            asked = urlencode({**start, "limit": self._page, "offset": offset})
            rows = self._rows(f"/v3/suppression/{on}?{asked}")
            offset += len(rows)
            yield [one for row in rows for one in _listed(on, row)]

    def _rows(self, path: str) -> list[dict[str, JsonValue]]:
        for _ in range(_TRIES):
            answer = self._get(path)
            if answer.status not in _AGAIN:
                return _read(answer)
            self._sleep(_wait(answer.headers))
        raise ListsError(f"SendGrid has no time for its lists ({_TRIES} tries): try again later")

    def _get(self, path: str) -> _Answer:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        request = Request(self._url + path, headers=headers)  # noqa: S310  (our own setting)
        opener = self._connecting.opener(lambda: True)
        try:
            with opener.open(request, timeout=self._timeout) as response:
                return _answer(response)
        except HTTPError as error:
            with error:
                return _Answer(error.code, error.read(), dict(error.headers or {}))
        except (OSError, HTTPException, ValueError) as error:
            kind = type(getattr(error, "reason", error)).__name__
            raise ListsError(f"SendGrid cannot be reached ({kind}): {_CHECK}") from None


def _answer(response: HTTPResponse) -> _Answer:
    return _Answer(response.status, response.read(), dict(response.headers))


def _read(answer: _Answer) -> list[dict[str, JsonValue]]:
    if answer.status != _OK:
        mend = _MEND.get(answer.status, _CHECK)
        raise ListsError(f"SendGrid answered {answer.status} when asked for its lists: {mend}")
    try:
        rows = json.loads(answer.body)
    except ValueError:
        rows = None
    if not isinstance(rows, list):
        raise ListsError(f"SendGrid's answer is no list: {_CHECK}")
    return [row for row in rows if isinstance(row, dict)]


def _listed(on: ListName, row: dict[str, JsonValue]) -> list[Listed]:
    email, created = row.get("email"), row.get("created_at" if on == "groups" else "created")
    if not isinstance(email, str) or not isinstance(created, int):
        return []
    said = {name: value for name, value in row.items() if name != "email"}
    return [Listed(on=on, email=email, at=datetime.fromtimestamp(created, UTC), said=said)]


def _wait(headers: Mapping[str, str]) -> float:
    reset = headers.get("X-RateLimit-Reset", headers.get("x-ratelimit-reset", ""))
    if not reset.isascii() or not reset.isdecimal():
        return _USUAL_WAIT
    ahead = int(reset) - time.time()
    return min(max(ahead, 1.0), timedelta(minutes=5).total_seconds())


_OK, _TRIES, _USUAL_WAIT = 200, 5, 5.0
_AGAIN = frozenset({429, 500, 502, 503, 504})
_CHECK = "check POSTROAD_SENDGRID_URL and POSTROAD_SENDGRID_API_KEY"
_MEND = {
    401: "check POSTROAD_SENDGRID_API_KEY",
    403: "give the key the right to read suppressions (`suppression.read`, `asm.groups.read`)",
}

"""The one door to SendGrid: the only file that knows its client, its answers and its errors."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from http.client import HTTPException, InvalidURL
from typing import Final, Literal, NamedTuple
from urllib.error import URLError
from urllib.request import OpenerDirector, Request

from pydantic import JsonValue
from python_http_client.client import Client  # type: ignore[import-untyped]  # it has no types
from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped]  # as above
from sendgrid import SendGridAPIClient  # type: ignore[import-untyped]  # as above
from typing_extensions import override

from activities.mailing.connecting import Connecting, InTime, TooLateError
from activities.mailing.saying import said, wait_for_reset
from schemas.values import Value

Message = dict[str, JsonValue]
"""The body of POST /v3/mail/send (twilio/sendgrid-oai, tsg_mail_v3.json)."""


class Accepted(Value):
    """SendGrid has the mail; `provider_id` is its X-Message-Id, if it gave one."""

    provider_id: str | None


class NotAccepted(Value):
    """The mail certainly did not get there: trying again is safe."""

    words: str


class RateLimited(Value):
    """Too many requests: SendGrid did not take the mail and asks for this much real time."""

    wait: timedelta


class RefusedBy(Value):
    """SendGrid refuses this mail, in its own words, without addresses."""

    status: int
    words: str


class SenderFault(Value):
    """SendGrid takes no mail of our account, or of one sender, until a person mends the cause."""

    words: str
    concerns: Literal["account", "sender"] = "account"


class Ambiguous(Value):
    """Nobody can tell whether SendGrid took the mail."""

    words: str


Answer = Accepted | NotAccepted | RateLimited | RefusedBy | SenderFault | Ambiguous


class SendGrid:
    """Posts mails by SendGrid's own client; safe to share between threads.

    `timeout` is in seconds, for each operation on the socket; `clock` gives Unix seconds of the
    real world, in which alone SendGrid's rate limits count.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str,
        *,
        timeout: float = 10,
        sandbox: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        # At DEBUG the client logs each mail and the API key.
        logging.getLogger("python_http_client.client").setLevel(logging.INFO)
        client = SendGridAPIClient(api_key.strip(), base_url.rstrip("/")).client
        headers = {**client.request_headers, "Content-Type": "application/json"}
        self._target = _Target(base_url.rstrip("/"), headers, timeout)
        self._connecting = Connecting(base_url)
        self._sandbox = sandbox
        self._clock = clock

    def post(self, message: Message, in_time: InTime = lambda: True) -> Answer:
        """Post one mail and tell whether it was accepted, as far as anyone can know.

        What is not `in_time` any more when a part of it would be written was not accepted.
        """
        body = {**message, "mail_settings": _SANDBOX} if self._sandbox else message
        endpoint = _Endpoint(self._connecting.opener(in_time), self._target)
        try:
            response = endpoint.post(request_body=body)
        except HTTPError as error:
            return self._refusal(error)
        except _FAILURES as error:
            return next(answer(error) for kind, answer in _BY_FAILURE if isinstance(error, kind))
        return self._taken(response.status_code, response.headers)

    def _taken(self, status: int, headers: Mapping[str, str]) -> Answer:
        # A valid request is answered 202, in sandbox mode 200.
        if status == _ACCEPTED or (self._sandbox and status == _OK_IN_SANDBOX):
            return Accepted(provider_id=headers.get("X-Message-Id"))
        return Ambiguous(words=f"SendGrid answered {status}, which it never does")

    def _refusal(self, error: HTTPError) -> Answer:
        status, words = int(error.status_code), said(error.body)
        if status == _TOO_MANY:
            return RateLimited(wait=wait_for_reset(error.headers, self._clock()))
        if status in _MEND_BY_STATUS or status < _BAD_REQUEST:
            mend = _MEND_BY_STATUS.get(status, _WRONG_ADDRESS)
            return SenderFault(
                words=f"SendGrid answered {status} ({words}): {mend}",
                concerns="sender" if status == _FORBIDDEN else "account",
            )
        if status < _SERVER_ERROR:
            return RefusedBy(status=status, words=words)
        # A gateway may give a 5xx after SendGrid has accepted the mail; nothing rules it out.
        return Ambiguous(words=f"SendGrid answered {status}")


class _Target(NamedTuple):
    host: str
    headers: dict[str, str]
    timeout: float


class _Endpoint(Client):  # type: ignore[misc]  # its base has no types
    """POST /v3/mail/send by an opener of ours: SendGrid's client takes none."""

    def __init__(self, opener: OpenerDirector, target: _Target) -> None:
        super().__init__(
            host=target.host,
            request_headers=target.headers,
            version=3,
            url_path=["mail", "send"],
            timeout=target.timeout,
        )
        self._opener = opener

    @override
    def _make_request(self, opener: object, request: Request, timeout: object = None) -> object:
        return super()._make_request(self._opener, request, timeout)


def _unreached(error: Exception) -> Answer:
    reason = error.reason if isinstance(error, URLError) else None
    if isinstance(reason, TooLateError):
        return NotAccepted(words="the worker was too slow to post the mail in time")
    return NotAccepted(words=f"SendGrid cannot be reached ({_kind(reason)})")


def _unmade(_error: Exception) -> Answer:
    # The error's words may quote a header, the key for one.
    return SenderFault(words=f"the request cannot be made: {_WRONG_ADDRESS}")


def _unanswered(error: Exception) -> Answer:
    return Ambiguous(words=f"SendGrid's answer did not come whole ({_kind(error)})")


def _kind(reason: object) -> str:
    return type(reason).__name__ if isinstance(reason, Exception) else "no connection"


_ACCEPTED, _OK_IN_SANDBOX = 202, 200
_BAD_REQUEST, _FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 400, 403, 429, 500
_SANDBOX: Final[JsonValue] = {"sandbox_mode": {"enable": True}}
_WRONG_ADDRESS = "check POSTROAD_SENDGRID_URL and POSTROAD_SENDGRID_API_KEY"
# 401 is a bad key or a used-up quota (sendgrid-nodejs issue 1032), 403 mostly the sender.
_MEND_BY_STATUS = {
    401: "check POSTROAD_SENDGRID_API_KEY and the account's credits",
    403: "verify the sender at SendGrid, or give the key the right to send",
    404: _WRONG_ADDRESS,
    405: _WRONG_ADDRESS,
    415: _WRONG_ADDRESS,
}

# Which error it is tells in which phase the request failed; before the whole of it was sent, all
# are URLErrors, which are OSErrors too: the order counts.
_BY_FAILURE: tuple[tuple[type[Exception], Callable[[Exception], Answer]], ...] = (
    (URLError, _unreached),
    (InvalidURL, _unmade),
    (ValueError, _unmade),
    (OSError, _unanswered),
    (HTTPException, _unanswered),
)
_FAILURES = tuple(kind for kind, _ in _BY_FAILURE)

"""Errors as problem JSON (RFC 9457) that name the field and never repeat what was sent."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from temporalio.service import RPCError

from schemas.values import Value
from starter.incoming.app_events import EVENT_NAME
from webhooks.gate import TooMuchAtOnceError

MEDIA_TYPE = "application/problem+json"
_BODY = "body"
_NOT_JSON = "json_invalid"
_MESSAGE_BY_TYPE = {
    "model_attributes_type": "Send a JSON object, with Content-Type: application/json.",
    "missing": "It is missing.",
    "extra_forbidden": "There is no such field.",
    "string_too_short": "It is empty.",
}
_MISFIT = (
    "It begins with a {first} and holds only letters, digits, dots, underscores and hyphens "
    "(at most 100)."
)
_NO_JSON = "The body is not JSON."
# FastAPI's own words for a body that is not UTF-8, or nested too deeply.
_DETAIL_BY_DETAIL = {"There was an error parsing the body": _NO_JSON}

_SOON = {"Retry-After": "5"}
_TOO_LARGE = "The body is too large."

log = logging.getLogger(__name__)


class Fault(Value):
    """What is wrong with one field; `(body)` is the body as a whole."""

    field: str = Field(examples=["email"])
    message: str = Field(examples=["The email address is not valid."])


class Problem(Value):
    """Why a request was not carried out, and nothing of it was."""

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["One field is wrong: email."])
    errors: tuple[Fault, ...] = ()


def problem(
    status: int, detail: str, faults: Sequence[Fault] = (), headers: dict[str, str] | None = None
) -> Response:
    """Answer with a problem."""
    told = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=tuple(faults)
    )
    content = told.model_dump(mode="json")
    return JSONResponse(content, status, headers=headers, media_type=MEDIA_TYPE)


def wrong_field(
    field: str, message: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY
) -> Response:
    """Answer that one field is wrong."""
    return problem(status, f"One field is wrong: {field}.", [Fault(field=field, message=message)])


def add_problems(app: FastAPI) -> None:
    """Turn every error of the app into a problem; what may pass by itself into 503."""
    app.add_exception_handler(AnyHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    for error in (OperationalError, InterfaceError, NoConnectionLeft, RPCError, ConnectionError):
        app.add_exception_handler(error, _unavailable)
    app.add_exception_handler(TooMuchAtOnceError, _turned_away)
    app.add_exception_handler(ClientDisconnect, _broken_off)
    app.add_exception_handler(Exception, _failed)


class OnlyProblems:
    """Wraps an app whose framework answers some errors in plain text, as a body too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        replaced = False

        async def replacing(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_plain_error(message):
                replaced = True
                await problem(message["status"], _TOO_LARGE)(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, replacing)


def _is_plain_error(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and kind != MEDIA_TYPE


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, AnyHTTPException):
        raise error
    headers = dict(error.headers) if error.headers else None
    detail = _DETAIL_BY_DETAIL.get(error.detail, error.detail)
    return problem(error.status_code, detail, headers=headers)


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(one["type"] == _NOT_JSON for one in found):
        return problem(HTTPStatus.BAD_REQUEST, _NO_JSON)
    faults = [Fault(field=_field(one["loc"]), message=_message(one)) for one in found]
    named = ", ".join(dict.fromkeys(fault.field for fault in faults))
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"Wrong or missing: {named}.", faults)


async def _unavailable(_: Request, error: Exception) -> Response:
    log.error("a server we need does not answer: %s", type(error).__name__)
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A server that Postroad needs does not answer; nothing was done, so try again.",
        headers=_SOON,
    )


async def _turned_away(_: Request, error: Exception) -> Response:
    log.warning("a request is to come again: %s", type(error).__name__)
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too much comes in at once; nothing was done, so try again.",
        headers=_SOON,
    )


async def _broken_off(_: Request, error: Exception) -> Response:
    log.info("a request broke off: %s", type(error).__name__)
    return problem(HTTPStatus.BAD_REQUEST, "The body broke off.")


async def _failed(_: Request, error: Exception) -> Response:
    del error  # uvicorn logs it
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "This is a fault of Postroad's own.")


def _message(found: Mapping[str, object]) -> str:
    if found["type"] == "string_pattern_mismatch":
        is_event = EVENT_NAME in str(found.get("ctx"))
        return _MISFIT.format(first="letter" if is_event else "letter or digit")
    if found["type"] == "string_too_long":
        return f"It is longer than {_limit(found.get('ctx'))} characters."
    own = _MESSAGE_BY_TYPE.get(str(found["type"]))
    return own or str(found["msg"]).removeprefix("Value error, ")


def _limit(context: object) -> object:
    return context.get("max_length") if isinstance(context, Mapping) else None


def _field(location: Sequence[str | int]) -> str:
    first, *rest = location
    parts = rest if first == _BODY else [first, *rest]
    return ".".join(map(str, parts)) or f"({_BODY})"

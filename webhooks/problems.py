"""Errors as problem JSON (RFC 9457) that name the field and never repeat what was sent."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from starlette.exceptions import HTTPException as AnyHTTPException
from temporalio.service import RPCError

from schemas.values import Value

MEDIA_TYPE = "application/problem+json"
_BODY = "body"
_NOT_JSON = "json_invalid"

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


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe these answers for OpenAPI."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def add_problems(app: FastAPI) -> None:
    """Turn every error of the app into a problem; what may pass by itself into 503."""
    app.add_exception_handler(AnyHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    for error in (OperationalError, InterfaceError, NoConnectionLeft, RPCError):
        app.add_exception_handler(error, _unavailable)
    app.add_exception_handler(Exception, _failed)


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, AnyHTTPException):
        raise error
    headers = dict(error.headers) if error.headers else None
    return problem(error.status_code, error.detail, headers=headers)


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(one["type"] == _NOT_JSON for one in found):
        return problem(HTTPStatus.BAD_REQUEST, "The body is not JSON.")
    faults = [Fault(field=_field(one["loc"]), message=one["msg"]) for one in found]
    named = ", ".join(dict.fromkeys(fault.field for fault in faults))
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"Wrong or missing: {named}.", faults)


async def _unavailable(_: Request, error: Exception) -> Response:
    log.error("a server we need does not answer: %s", type(error).__name__)
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A server that Postroad needs does not answer; nothing was done, so try again.",
        headers={"Retry-After": "5"},
    )


async def _failed(_: Request, error: Exception) -> Response:
    del error  # uvicorn logs it
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "This is a fault of Postroad's own.")


def _field(location: Sequence[str | int]) -> str:
    first, *rest = location
    parts = rest if first == _BODY else [first, *rest]
    return ".".join(map(str, parts)) or f"({_BODY})"

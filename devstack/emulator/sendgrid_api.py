"""SendGrid's own API, as far as it is emulated."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic_core import from_json
from starlette.responses import JSONResponse, Response

from devstack.emulator import problems
from devstack.emulator.activity_feed import add_activity_feed
from devstack.emulator.answers import rate_limit_headers, refusal
from devstack.emulator.emulator import Emulator
from devstack.emulator.intake import virtual_now
from devstack.emulator.keys import is_authorized
from devstack.emulator.lists_api import add_list_routes
from devstack.emulator.problems import Problem
from devstack.emulator.records import JsonObject
from devstack.emulator.rules_settings import is_on
from devstack.emulator.validation import problems_of

_LARGEST = 30 * 1024 * 1024


class _RefusedError(Exception):
    def __init__(self, status: int, *found: Problem) -> None:
        super().__init__(status)
        self.status, self.found = status, found


def build_sendgrid_api(emulator: Emulator) -> APIRouter:
    """Build the routes under `/v3`."""
    router = APIRouter(prefix="/v3", tags=["SendGrid"])

    @router.post("/mail/send")
    async def send(request: Request) -> Response:
        """Take a mail as SendGrid does, or refuse it in SendGrid's words."""
        headers = rate_limit_headers(emulator.clock())
        try:
            answer = await _send(emulator, request)
        except _RefusedError as refused:
            answer = refusal(refused.status, *refused.found)
        answer.headers.update(headers)
        emulator.answers[answer.status_code] += 1
        return answer

    @router.get("/user/webhooks/event/settings/signed/{webhook_id}")
    async def signed(request: Request, webhook_id: str) -> Response:
        """Give the public key that signs this webhook: one key signs all, whatever their id."""
        if not is_authorized(emulator, request):
            return refusal(HTTPStatus.UNAUTHORIZED, problems.UNAUTHORIZED)
        return JSONResponse({"id": webhook_id, "public_key": emulator.public_key})

    add_activity_feed(router, emulator)
    add_list_routes(router, emulator)
    return router


async def _send(emulator: Emulator, request: Request) -> Response:
    if not is_authorized(emulator, request):
        raise _RefusedError(HTTPStatus.UNAUTHORIZED, problems.UNAUTHORIZED)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, problems.WRONG_CONTENT_TYPE)
    payload = _parse(await _read(request))
    found = problems_of(payload, virtual_now(payload, emulator.clock()))
    if found:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, *found)
    if is_on(payload, "sandbox_mode"):
        return Response(status_code=HTTPStatus.OK)
    message_id = emulator.accept(payload)
    return Response(status_code=HTTPStatus.ACCEPTED, headers={"X-Message-Id": message_id})


async def _read(request: Request) -> bytes:
    """Read the body; what is too large is read to its end, so that the answer can be heard."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= _LARGEST:
            chunks.append(chunk)
    if size > _LARGEST:
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, problems.TOO_LARGE)
    return b"".join(chunks)


def _parse(body: bytes) -> JsonObject:
    try:
        payload = from_json(body.decode())
    except UnicodeDecodeError:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, problems.INVALID_UTF8) from None
    except ValueError:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, problems.BAD_REQUEST) from None
    if not isinstance(payload, dict):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, problems.BAD_REQUEST)
    return payload

"""SendGrid's event webhook: verified over its raw bytes, stored, answered, and only then told."""

from datetime import datetime, timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from inbound.events import parse_events
from inbound.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, Signed, Verdict, verdict
from starter.incoming.known_mails import Arrived
from starter.incoming.mail_events import take_mail_events
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.gate import Gate
from webhooks.problems import problem

# SendGrid sends at most 768 KB a batch and retries for 24 hours after the event.
_LARGEST_BODY = 5 * 1024 * 1024
_RETRIED_FOR = timedelta(hours=25)

REFUSAL_BY_VERDICT = {
    Verdict.UNSIGNED: (HTTPStatus.UNAUTHORIZED, "The signature headers are missing."),
    Verdict.FORGED: (HTTPStatus.FORBIDDEN, "The signature does not fit the body."),
    Verdict.OUT_OF_TIME: (HTTPStatus.FORBIDDEN, "The signature is too old, or of the future."),
}


def sendgrid_routes(deps: Deps) -> APIRouter:
    """Build the route; a repeat of a batch changes nothing."""
    router = APIRouter(tags=["webhooks"])
    gate = Gate(deps.bound)

    @router.post(
        "/webhooks/sendgrid",
        summary="SendGrid's event webhook",
        status_code=HTTPStatus.NO_CONTENT,
        max_body_size=_LARGEST_BODY,
        responses=documented(400, 401, 403, 413, 503),
    )
    async def take(request: Request) -> Response:
        signed = await signed_body(request)
        judged = verdict(signed, deps.secrets.public_keys, deps.moments.clock(), _RETRIED_FOR)
        if judged is not Verdict.GENUINE:
            return problem(*REFUSAL_BY_VERDICT[judged])
        arrival = deps.moments.arrival(request)
        async with gate.turn():
            is_taken = await run_in_threadpool(_take, deps, signed.body, arrival)
        if not is_taken:
            return problem(HTTPStatus.BAD_REQUEST, "The body is not a JSON array of events.")
        deps.relay.nudge()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return router


def _take(deps: Deps, body: bytes, arrival: datetime) -> bool:
    events = parse_events(body)
    if events is None:
        return False
    arrived = [Arrived(event, deps.moments.of_event(event.at, arrival)) for event in events]
    take_mail_events(deps.engine, arrived)
    return True


async def signed_body(request: Request) -> Signed:
    """Read a request's raw body with its signature headers."""
    return Signed(
        body=await request.body(),
        signature=request.headers.get(SIGNATURE_HEADER),
        timestamp=request.headers.get(TIMESTAMP_HEADER),
    )

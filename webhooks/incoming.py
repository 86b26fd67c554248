"""SendGrid's Inbound Parse: the mails that come back; what is answered 4xx is lost for ever."""

from datetime import datetime, timedelta
from hmac import compare_digest
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from inbound.classifying.forms import classify_form
from inbound.correlation import answered
from inbound.messages import read_mail
from inbound.multipart import parse_form
from inbound.signature import Signed, Verdict, verdict
from starter.incoming.incoming_mail import Incoming, keep_unreadable, take_mail
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.gate import Gate
from webhooks.problems import problem
from webhooks.sendgrid import signed_body

# 30 MB a mail (SendGrid's own limit), and the form around it.
_LARGEST_BODY = 40 * 1024 * 1024
_RETRIED_FOR = timedelta(hours=73)


def incoming_routes(deps: Deps) -> APIRouter:
    """Build the route; only a wrong secret, a certain forgery, is answered 4xx."""
    router = APIRouter(tags=["webhooks"])
    gate = Gate(deps.bound)

    @router.post(
        "/webhooks/inbound/{secret}",
        summary="SendGrid's Inbound Parse",
        status_code=HTTPStatus.NO_CONTENT,
        max_body_size=_LARGEST_BODY,
        responses=documented(404, 503),
    )
    async def take(secret: str, request: Request) -> Response:
        if not _is_ours(secret, deps.secrets.inbound_path):
            return problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        signed = await signed_body(request)
        if not _may_count(signed, deps):
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "The signature does not fit: add the parse webhook's public key to the settings.",
            )
        content_type = request.headers.get("content-type", "")
        arrival = deps.moments.arrival(request)
        async with gate.turn():
            await run_in_threadpool(_take, deps, signed.body, content_type, arrival)
        deps.relay.nudge()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return router


def _is_ours(secret: str, ours: str | None) -> bool:
    return ours is not None and compare_digest(secret.encode(), ours.encode())


def _may_count(signed: Signed, deps: Deps) -> bool:
    # Signing is optional here, the secret path is not. A key may just have been rotated, so a
    # signature that does not fit is asked for again, for the three days that SendGrid retries.
    judged = verdict(signed, deps.secrets.public_keys, deps.moments.clock(), _RETRIED_FOR)
    return judged in (Verdict.GENUINE, Verdict.UNSIGNED)


def _take(deps: Deps, body: bytes, content_type: str, arrival: datetime) -> None:
    form = parse_form(body, content_type)
    mail = None if form is None else read_mail(form)
    if form is None or mail is None:
        keep_unreadable(deps.engine, body, arrival)
        return
    answers = answered(mail, deps.secrets.keys)
    at = deps.moments.of_mail(mail.at, arrival)
    told = classify_form(form, at.date())
    take_mail(deps.engine, Incoming(mail, told, answers, mail.raw or body, at))

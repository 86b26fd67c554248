"""The unsubscribe page: looking at it changes nothing, one click or RFC 8058's POST does it."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from inbound.tokens import read
from starter.incoming.opt_outs import take_opt_out
from webhooks.deps import Deps
from webhooks.pages import DONE, QUESTION, UNKNOWN, page


def unsubscribe_routes(deps: Deps) -> APIRouter:
    """Build the routes; they need no cookie, no login and never redirect (RFC 8058)."""
    router = APIRouter(tags=["unsubscribe"], default_response_class=HTMLResponse)

    @router.head("/u/{token}", include_in_schema=False)
    @router.get("/u/{token}", summary="Ask for a confirmation")
    async def show(token: str) -> Response:
        known = read(token, "unsubscribe", deps.secrets.keys) is not None
        return page(QUESTION) if known else page(UNKNOWN)

    @router.post("/u/{token}", summary="Unsubscribe")
    async def unsubscribe(token: str, request: Request) -> Response:
        # The body is not even read: nobody posts here without wanting to be left alone.
        send = read(token, "unsubscribe", deps.secrets.keys)
        if send is None:
            return page(UNKNOWN)
        at = deps.moments.arrival(request)
        known = await run_in_threadpool(take_opt_out, deps.engine, send, at)
        deps.relay.nudge()
        return page(DONE) if known else page(UNKNOWN)

    return router

"""The webhooks app, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter, Depends, FastAPI

from webhooks.access import guard
from webhooks.contacts import contact_routes
from webhooks.deps import Deps
from webhooks.description import described, documented
from webhooks.enrollments import enrollment_routes
from webhooks.events import event_routes
from webhooks.explaining import explaining_routes
from webhooks.health import health_routes
from webhooks.hooks import hook_routes
from webhooks.incoming import incoming_routes
from webhooks.log import AccessLog
from webhooks.overrides import override_routes
from webhooks.problems import OnlyProblems, add_problems
from webhooks.records import record_routes
from webhooks.sendgrid import sendgrid_routes
from webhooks.steering import steering_routes
from webhooks.unsubscribe import unsubscribe_routes

_LARGEST_BODY = 1024 * 1024
_OPEN = (sendgrid_routes, incoming_routes, hook_routes, unsubscribe_routes)


def build_app(deps: Deps) -> FastAPI:
    """Build the app; while it runs, it also brings committed signals to Temporal."""

    @asynccontextmanager
    async def relaying(_: FastAPI) -> AsyncIterator[None]:
        relaying = asyncio.create_task(deps.relay.run())
        yield
        relaying.cancel()
        with suppress(asyncio.CancelledError):
            await relaying

    app = FastAPI(
        title="Postroad",
        summary="Email sequences as code, on Temporal.",
        # FastAPI's own documentation pages load scripts from another host.
        docs_url=None,
        redoc_url=None,
        lifespan=relaying,
        redirect_slashes=False,
    )
    add_problems(app)
    for routes in (*_OPEN, health_routes):
        app.include_router(routes(deps))
    app.include_router(_api(deps))
    app.add_middleware(OnlyProblems)
    app.add_middleware(AccessLog)
    app.openapi = described(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _api(deps: Deps) -> APIRouter:
    api = APIRouter(
        max_body_size=_LARGEST_BODY,
        dependencies=[Depends(guard(deps.secrets.api_key))],
        responses=documented(400, 401, 403, 413, 422, 503),
    )
    of_enrollments = (enrollment_routes, explaining_routes, steering_routes, override_routes)
    for routes in (contact_routes, record_routes, *of_enrollments, event_routes):
        api.include_router(routes(deps))
    return api

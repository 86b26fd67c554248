"""The access log: one line a request, with the route's template instead of its path.

Paths hold tokens and secrets, queries may hold anything; a template holds nothing personal.
"""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class AccessLog:
    """Wraps an app; what no route answers is `(no route)`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            spent = round((perf_counter() - began) * 1000)
            log.info("%s %s %d %d ms", scope["method"], template(scope), status, spent)


def template(scope: Scope) -> str:
    """Give the path of the route that was found, with names in place of what was in it."""
    return str(getattr(scope.get("route"), "path_format", "(no route)"))

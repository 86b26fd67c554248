"""What other services post: verified over its raw bytes, mapped, taken in, and then answered.

What means nothing here is answered 200 all the same: services switch off what keeps failing.
"""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field

from inbound.adapting.mappings import Adapter
from inbound.adapting.reading import Ignored, Malformed, Reading, meaning, parse
from inbound.adapting.signing import Request as Posted
from inbound.adapting.signing import verdict_of
from inbound.signature import Verdict
from runtime.settings import variable
from schemas.values import Value
from starter.adapters.taking import Done, take_all
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.gate import Gate
from webhooks.problems import problem

_LARGEST_BODY = 5 * 1024 * 1024
_WORDS_BY_VERDICT = {
    Verdict.UNSIGNED: "The signature's headers are missing.",
    Verdict.FORGED: "The signature does not fit the body: is the secret the service's own?",
    Verdict.OUT_OF_TIME: "The signature is too old, or of the future: is the clock right?",
}


class HookAnswer(Value):
    """What became of each item; what was ignored says why, and need not come again."""

    taken: tuple[Done, ...] = Field(examples=[()])
    ignored: tuple[Ignored, ...] = Field(examples=[()])


def hook_routes(deps: Deps) -> APIRouter:
    """Build the route; a repeat of a body changes nothing."""
    router = APIRouter(tags=["webhooks"])
    gate = Gate(deps.bound)

    @router.post(
        "/hooks/{name}",
        summary="What another service posts, by a mapping",
        response_model=HookAnswer,
        max_body_size=_LARGEST_BODY,
        responses=documented(400, 401, 403, 404, 413, 503),
    )
    async def take(name: str, request: Request) -> object:
        adapter = deps.adapters.by_name.get(name)
        if adapter is None:
            return problem(HTTPStatus.NOT_FOUND, "There is no adapter of this name.")
        posted = await _posted(request, name, deps.adapters.public_url)
        refused = _refusal(deps, name, adapter, posted)
        if refused is not None:
            return refused
        async with gate.turn():
            return await _taken(deps, request, name, _read(adapter, posted))

    return router


async def _posted(request: Request, name: str, public_url: str | None) -> Posted:
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{public_url}/hooks/{name}{query}" if public_url else str(request.url)
    headers = {key.lower(): value for key, value in request.headers.items()}
    return Posted(request.method, url, headers, await request.body())


def _refusal(deps: Deps, name: str, adapter: Adapter, posted: Posted) -> Response | None:
    secrets = deps.adapters.secrets.get(name, ())
    if not secrets:
        closed = f"It is closed, because {variable('adapter_secrets')} names no secret for it."
        return problem(HTTPStatus.FORBIDDEN, closed)
    judged = verdict_of(adapter.signature, secrets, posted, deps.moments.clock())
    if judged is Verdict.GENUINE:
        return None
    return problem(HTTPStatus.UNAUTHORIZED, _WORDS_BY_VERDICT[judged])


def _read(adapter: Adapter, posted: Posted) -> Reading | Malformed:
    body = parse(posted.body)
    headers: Mapping[str, str] = posted.headers
    return body if isinstance(body, Malformed) else meaning(adapter, body, headers)


async def _taken(deps: Deps, request: Request, name: str, reading: Reading | Malformed) -> object:
    if isinstance(reading, Malformed):
        return problem(HTTPStatus.BAD_REQUEST, reading.why)
    arrival = deps.moments.arrival(request)
    answers = await run_in_threadpool(take_all, deps.engine, name, reading, arrival)
    deps.relay.nudge()
    return HookAnswer(
        taken=tuple(one for one in answers if isinstance(one, Done)),
        ignored=tuple(one for one in answers if isinstance(one, Ignored)),
    )

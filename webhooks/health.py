"""Whether this process lives, and whether it can work."""

import asyncio
import operator
from collections.abc import Awaitable
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from schemas.brakes import WHOLE
from schemas.values import Value
from starter.braking import standing
from storage.migrate import is_current
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import problem

_PATIENCE_SECONDS = 5.0


class Health(Value):
    """It is well; `sending` says why all sending is stopped, if it is."""

    status: str = Field(default="ok", examples=["ok"])
    sending: str | None = Field(default=None, exclude_if=operator.not_)


def health_routes(deps: Deps) -> APIRouter:
    """Build the routes, for load balancers and orchestrators."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Is the process alive?")
    async def alive() -> Health:
        return Health()

    @router.get(
        "/readyz",
        summary="Can it work?",
        description="PostgreSQL answers and has all migrations, Temporal answers. That sending is "
        "stopped is said, and no reason to take this process out: what comes in is to be taken in.",
        response_model=Health,
        responses=documented(503),
    )
    async def ready() -> object:
        database, temporal = await asyncio.gather(
            _in_time(asyncio.to_thread(_database_fault, deps.engine), "PostgreSQL does not answer"),
            _in_time(_temporal_fault(deps), "Temporal does not answer"),
        )
        faults = [fault for fault in (database, temporal) if fault]
        if not faults:
            return Health(sending=await asyncio.to_thread(_stopped, deps.engine))
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{'; '.join(faults)}.")

    return router


def _stopped(engine: Engine) -> str | None:
    whole = (one for one in standing(engine) if one.of in WHOLE)
    return next((one.words for one in whole), None)


async def _in_time(question: Awaitable[str], late: str) -> str:
    try:
        return await asyncio.wait_for(question, _PATIENCE_SECONDS)
    except TimeoutError:
        return late


async def _temporal_fault(deps: Deps) -> str:
    return "" if await deps.temporal_answers() else "Temporal does not answer"


def _database_fault(engine: Engine) -> str:
    try:
        with engine.connect() as connection:
            current = is_current(connection)
    except SQLAlchemyError:
        return "PostgreSQL does not answer"
    return "" if current else "the database lacks migrations, or has newer ones: run the migrations"

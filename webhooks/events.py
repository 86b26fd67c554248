"""Events of the API: what the app says of its contacts."""

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from schemas.values import Value
from starter.incoming.app_events import RESERVED, Said, take_app_event
from webhooks.bodies import EventBody
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.gate import Gate
from webhooks.moments import Moments
from webhooks.problems import wrong_field

# Other than SendGrid an app may not come again by itself.
_PATIENCE = timedelta(seconds=10)


class EventAnswer(Value):
    """What became of it: a repeat is not new; of an unknown contact it is only on record."""

    new: bool = Field(examples=[True])
    contact: str | None = Field(examples=["c0ffee00c0ffee00c0ffee00c0ffee00"])
    enrollments: int = Field(description="How many live ones are told of it.", examples=[1])
    colleagues: int = Field(
        description="How many live ones of others of the same company are told of it.", examples=[0]
    )
    enrolls: int = Field(
        description="How many sequences it asks for a new enrollment in.", examples=[0]
    )


def event_routes(deps: Deps) -> APIRouter:
    """Build the route; it answers when the event and what it ends are committed."""
    router = APIRouter(tags=["events"])
    gate = Gate(replace(deps.bound, patience=_PATIENCE))

    @router.post(
        "/v1/events",
        summary="Report an event of a contact",
        description="Any name that sequences wait for, react to or count; `reply`, `unsubscribe`, "
        "`complaint` and `blocked` mean what they mean when they come by mail.",
        status_code=HTTPStatus.ACCEPTED,
        response_model=EventAnswer,
        responses=documented(),
    )
    async def report(body: EventBody, request: Request) -> object:
        said = _said(body, deps.moments, deps.moments.arrival(request))
        if not isinstance(said, Said):
            return said
        async with gate.turn():
            taken = await run_in_threadpool(take_app_event, deps.engine, said)
        deps.relay.nudge()
        return EventAnswer.model_validate(taken.model_dump())

    return router


def _said(body: EventBody, moments: Moments, arrival: datetime) -> Said | Response:
    if body.at and moments.is_ahead(body.at, arrival):
        return wrong_field("at", "It lies ahead.")
    if body.event in RESERVED:
        return wrong_field("event", "This name is Postroad's own: choose another one.")
    return Said(
        name=body.event,
        contact=body.contact,
        at=body.at or arrival,
        id=body.id,
        fields=body.fields,
    )

"""Enrollments of the API: started and looked at."""

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import AwareDatetime, Field
from sqlalchemy import Engine

from inbound.events import storable
from schemas.enrollment import Command
from schemas.outcomes import Refused
from schemas.values import Value
from starter.enrolling.enrollments import Started, Terms
from storage import enrolled
from storage.rows import EnrollmentRow
from webhooks.bodies import EnrollmentBody
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import problem, wrong_field

_FIELD_BY_REFUSAL = {
    "unknown_sequence": "sequence",
    "unknown_version": "version",
    "unknown_contact": "contact",
    "malformed_key": "key",
    "other_key": "key",
    "missing_key": "data",
    "unknown_step": "step",
}


class EnrollmentAnswer(Value):
    """An enrollment as it is on record; without an ending it is live."""

    id: str
    workflow_id: str = Field(examples=["outbound-vp-ops.c0ffee00c0ffee00c0ffee00c0ffee00"])
    sequence: str
    version: str
    contact: str
    key: str | None
    state: Literal["reserved", "live", "paused", "ended"]
    enrolled_at: AwareDatetime
    ending: str | None
    ending_why: str | None
    ended_at: AwareDatetime | None


def enrollment_routes(deps: Deps) -> APIRouter:
    """Build the routes; a contact is in a sequence once at a time, per key."""
    router = APIRouter(tags=["enrollments"])

    @router.post(
        "/v1/enrollments",
        summary="Enroll a contact",
        description="The enrollment's workflow is started; whether it is let in (audience, "
        "suppression, policy) it finds out then.",
        status_code=HTTPStatus.CREATED,
        response_model=Started,
        responses=documented(409),
    )
    async def start(body: EnrollmentBody, request: Request) -> object:
        if body.at and deps.moments.is_ahead(body.at, deps.moments.arrival(request)):
            return wrong_field("at", "It lies ahead.")
        answer = await deps.enroll(body.sequence, body.contact, **_terms(body))
        return _refusal(answer) if isinstance(answer, Refused) else answer

    @router.get(
        "/v1/enrollments/{id}",
        summary="Look at an enrollment",
        description="By its id or its workflow id.",
        response_model=EnrollmentAnswer,
        responses=documented(404),
    )
    async def look(id: str) -> object:  # noqa: A002 - the path's word
        return await run_in_threadpool(_found, deps.engine, id)

    return router


def _terms(body: EnrollmentBody) -> Terms:
    return {
        "key": body.key,
        "data": body.data,
        "version": body.version,
        "at": body.at,
        "source": body.source,
        "step": body.step,
        "paused": None if body.paused is None else Command(**body.paused.model_dump()),
        "request": body.id,
    }


def _refusal(refused: Refused) -> object:
    field = _FIELD_BY_REFUSAL.get(refused.reason)
    if field is None:
        return problem(HTTPStatus.CONFLICT, f"{refused.message}.")
    return wrong_field(field, refused.message)


def _found(engine: Engine, ref: str) -> object:
    with engine.connect() as connection:
        row = enrolled.find(connection, ref) if storable(ref) == ref else None
    if row is None:
        return problem(HTTPStatus.NOT_FOUND, "There is no such enrollment.")
    return _answer(row)


def _answer(row: EnrollmentRow) -> EnrollmentAnswer:
    return EnrollmentAnswer(
        id=str(row.id),
        contact=row.contact_id,
        state=_state(row),
        **row.model_dump(
            include={
                *("workflow_id", "sequence", "version", "key"),
                *("enrolled_at", "ending", "ending_why", "ended_at"),
            }
        ),
    )


def _state(row: EnrollmentRow) -> Literal["reserved", "live", "paused", "ended"]:
    if row.ended_at is not None:
        return "ended"
    if row.paused_at is not None:
        return "paused"
    return "live" if row.run_id else "reserved"

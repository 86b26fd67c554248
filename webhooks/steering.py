"""Enrollments of the API under way: their data changed, a mail that is held passed over."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import AwareDatetime, Field

from inbound.events import storable
from schemas.outcomes import Refused
from schemas.values import Value
from starter.data_changes import Change, Place
from starter.operating import Order, commit_order
from webhooks.bodies import ChangeBody, OrderBody, PlacedChangeBody
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import problem, wrong_field

_FIELD_BY_REFUSAL = {"unknown_contact": "contact", "malformed_key": "key", "its_key": "data"}
_HEARD = "It counts from the answer on; that enrollment alone hears of it."


class ChangeAnswer(Value):
    """What became of a change: a repeat is not new and changes nothing."""

    workflow_id: str = Field(examples=["renewal.c0ffee00c0ffee00c0ffee00c0ffee00.contract-7"])
    at: AwareDatetime
    new: bool = Field(examples=[True])


class OrderAnswer(Value):
    """The command is committed."""

    workflow_id: str = Field(examples=["renewal.c0ffee00c0ffee00c0ffee00c0ffee00.contract-7"])
    action: str = Field(examples=["skip"])
    at: AwareDatetime


def steering_routes(deps: Deps) -> APIRouter:
    """Build the routes; each answers when what it was asked is committed."""
    router = APIRouter(tags=["enrollments"])
    _add_changes(router, deps)
    _add_skip(router, deps)
    return router


def _add_changes(router: APIRouter, deps: Deps) -> None:
    @router.patch(
        "/v1/enrollments/{id}",
        summary="Change an enrollment's data",
        description=f"By its id or its workflow id. {_HEARD}",
        response_model=ChangeAnswer,
        responses=documented(404, 409),
    )
    async def change(id: str, body: ChangeBody, request: Request) -> object:  # noqa: A002 - the path's word
        return await _changed(deps, id, body, request)

    @router.patch(
        "/v1/enrollments",
        summary="Change the data of the enrollment of a contact in a sequence",
        description=f"By sequence, contact and key. {_HEARD}",
        response_model=ChangeAnswer,
        responses=documented(404, 409),
    )
    async def change_placed(body: PlacedChangeBody, request: Request) -> object:
        place = Place(sequence=body.sequence, contact=body.contact, key=body.key)
        return await _changed(deps, place, body, request)


def _add_skip(router: APIRouter, deps: Deps) -> None:
    @router.post(
        "/v1/enrollments/{id}/skip",
        summary="Pass over the mail that an enrollment is held at for its date",
        description="One that is held at none stays as it is.",
        status_code=HTTPStatus.ACCEPTED,
        response_model=OrderAnswer,
        responses=documented(404, 409),
    )
    async def skip(id: str, body: OrderBody, request: Request) -> object:  # noqa: A002 - the path's word
        if storable(id) != id:
            return _unknown()
        wall = deps.moments.arrival(request)
        order = Order(action="skip", wall=wall, **body.model_dump())
        answer = await run_in_threadpool(commit_order, deps.engine, id, order)
        deps.relay.nudge()
        return _refusal(answer) if isinstance(answer, Refused) else answer


async def _changed(deps: Deps, whom: str | Place, body: ChangeBody, request: Request) -> object:
    if isinstance(whom, str) and storable(whom) != whom:
        return _unknown()
    arrival = deps.moments.arrival(request)
    if body.at and deps.moments.is_ahead(body.at, arrival):
        return wrong_field("at", "It lies ahead.")
    at = deps.moments.of_change(body.at, request, arrival)
    answer = await deps.change(whom, Change(facts=body.data, id=body.id, at=at, wall=arrival))
    deps.relay.nudge()
    return _refusal(answer) if isinstance(answer, Refused) else answer


def _unknown() -> Response:
    return problem(HTTPStatus.NOT_FOUND, "There is no such enrollment.")


def _refusal(refused: Refused) -> Response:
    if refused.reason == "unknown_enrollment":
        return _unknown()
    field = _FIELD_BY_REFUSAL.get(refused.reason)
    if field is None:
        return problem(HTTPStatus.CONFLICT, f"{refused.message}.")
    return wrong_field(field, refused.message)

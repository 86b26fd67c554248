"""Contacts of the API: created, changed, or found to be one."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from inbound.events import storable
from schemas.contact import NewContact
from schemas.outcomes import Refused
from schemas.values import Value
from starter.incoming.changes import save_contact
from starter.incoming.merging import SAME, UNKNOWN_KEPT, Merger, merge_contacts
from storage.people.contacts import AddressTaken
from webhooks.bodies import ContactBody, MergeBody
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import problem, wrong_field


class ContactAnswer(Value):
    """The contact's id of ours, by which enrollments and events may name it."""

    id: str = Field(examples=["c0ffee00c0ffee00c0ffee00c0ffee00"])
    created: bool = Field(examples=[True])


class MergeAnswer(Value):
    """They are one; what was so before is not new."""

    id: str = Field(description="The kept contact.", examples=["c0ffee00c0ffee00c0ffee00c0ffee00"])
    merged: str = Field(description="The id that the other had.", examples=["c0ffee11"])
    new: bool = Field(examples=[True])
    enrollments: int = Field(description="How many live ones go on under it.", examples=[2])
    ended: tuple[str, ...] = Field(
        description="The workflow ids of those that ended as `merged`.", examples=[()]
    )


def contact_routes(deps: Deps) -> APIRouter:
    """Build the routes; saying the same again changes nothing."""
    router = APIRouter(tags=["contacts"])
    _add_save(router, deps)
    _add_merge(router, deps)
    return router


def _add_save(router: APIRouter, deps: Deps) -> None:
    @router.post(
        "/v1/contacts",
        summary="Create or change a contact",
        status_code=HTTPStatus.CREATED,
        response_model=ContactAnswer,
        responses={200: {"model": ContactAnswer}, **documented(409)},
    )
    async def save(body: ContactBody, request: Request, response: Response) -> object:
        at = deps.moments.arrival(request)
        new = NewContact.model_validate(body.model_dump())
        saved = await run_in_threadpool(save_contact, deps.engine, new, at)
        if isinstance(saved, AddressTaken):
            return wrong_field("email", "It belongs to another contact.", HTTPStatus.CONFLICT)
        deps.relay.nudge()
        if not saved.created:
            response.status_code = HTTPStatus.OK
        return ContactAnswer(id=saved.contact.id, created=saved.created)


def _add_merge(router: APIRouter, deps: Deps) -> None:
    @router.post(
        "/v1/contacts/{ref:path}/merge",
        summary="Merge another contact into this one: they are one person",
        description="Each is named by id, external key or address. What was on record of the other "
        "becomes this one's, and its names go on naming it. It cannot be undone.",
        response_model=MergeAnswer,
        responses=documented(404, 409),
    )
    async def merge(ref: str, body: MergeBody, request: Request) -> object:
        if storable(ref) != ref:
            return problem(HTTPStatus.NOT_FOUND, "There is no such contact.")
        at = deps.moments.arrival(request)
        wanted = Merger(keep=ref, other=body.other, by=body.who, at=at)
        answer = await run_in_threadpool(merge_contacts, deps.engine, wanted)
        if isinstance(answer, Refused):
            return _refusal(answer)
        deps.relay.nudge()
        return MergeAnswer(
            id=answer.contact,
            enrollments=answer.going_on,
            **answer.model_dump(include={"merged", "new", "ended"}),
        )


def _refusal(refused: Refused) -> Response:
    if refused == UNKNOWN_KEPT:
        return problem(HTTPStatus.NOT_FOUND, "There is no such contact.")
    status = HTTPStatus.CONFLICT if refused == SAME else HTTPStatus.UNPROCESSABLE_ENTITY
    return wrong_field("other", f"{refused.message[:1].upper()}{refused.message[1:]}.", status)

"""Contacts of the API: created or changed."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from schemas.contact import NewContact
from schemas.values import Value
from starter.changes import save_contact
from storage.contacts import AddressTaken
from webhooks.bodies import ContactBody
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import wrong_field


class ContactAnswer(Value):
    """The contact's id of ours, by which enrollments and events may name it."""

    id: str = Field(examples=["c0ffee00c0ffee00c0ffee00c0ffee00"])
    created: bool = Field(examples=[True])


def contact_routes(deps: Deps) -> APIRouter:
    """Build the route; saying the same again changes nothing."""
    router = APIRouter(tags=["contacts"])

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

    return router

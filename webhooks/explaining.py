"""Explanations of the API: of an enrollment, or of why somebody is not in a sequence."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from inbound.events import storable
from schemas.outcomes import Refused
from schemas.values import Name
from starter.explaining.absences import Absence, Asked, explain_absence
from starter.explaining.explanations import Explanation
from webhooks.bodies import Text
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import problem, wrong_field

_FIELD_BY_REFUSAL = {"unknown_sequence": "sequence", "unknown_contact": "contact"}
_UNKNOWN = Refused(reason="unknown_enrollment", message="there is no such enrollment")


def explaining_routes(deps: Deps) -> APIRouter:
    """Build the routes; they only read."""
    router = APIRouter(tags=["enrollments"])
    _add_enrollment(router, deps)
    _add_absence(router, deps)
    return router


def _add_enrollment(router: APIRouter, deps: Deps) -> None:
    @router.get(
        "/v1/enrollments/{id}/explain",
        summary="Explain an enrollment",
        description="By its id or its workflow id: why each step was done or not, what keeps it, "
        "what comes if nothing else happens, and what would end it. It needs neither a worker nor "
        "Temporal once the enrollment is over.",
        response_model=Explanation,
        responses=documented(404, 409),
    )
    async def explain(id: str) -> object:  # noqa: A002 - the path's word
        answer = await deps.explain(id) if storable(id) == id else _UNKNOWN
        return _not_explained(answer) if isinstance(answer, Refused) else answer


def _add_absence(router: APIRouter, deps: Deps) -> None:
    @router.get(
        "/v1/explain",
        summary="Explain why somebody is or is not in a sequence",
        description="Which rule refused the contact, or would now, and with which value. "
        "`live` lists the enrollments that it has in the sequence.",
        response_model=Absence,
    )
    async def why(
        sequence: Name,
        contact: Annotated[Text, Query(description="An id, an external key or an address.")],
        request: Request,
        key: Name | None = None,
    ) -> object:
        if storable(contact) != contact:
            return wrong_field("contact", "It cannot be one.")
        now = deps.moments.arrival(request)
        asked = Asked(sequence=sequence, contact=contact, key=key, now=now)
        answer = await explain_absence(deps.engine, asked)
        return _refusal(answer) if isinstance(answer, Refused) else answer


def _not_explained(refused: Refused) -> Response:
    if refused.reason == _UNKNOWN.reason:
        return problem(HTTPStatus.NOT_FOUND, "There is no such enrollment.")
    return problem(HTTPStatus.CONFLICT, f"{refused.message}.")


def _refusal(refused: Refused) -> Response:
    field = _FIELD_BY_REFUSAL.get(refused.reason)
    if field is None:
        return problem(HTTPStatus.CONFLICT, f"{refused.message}.")
    return wrong_field(field, refused.message)

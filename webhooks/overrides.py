"""Texts of one enrollment's own: a mail of it written anew by a person, over the API."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from inbound.events import storable
from schemas.outcomes import Refused
from schemas.values import Value
from starter.overriding import Text, overridden, override, take_back
from storage.sending.overrides import Override
from webhooks.bodies import Strict
from webhooks.bodies import Text as ShortText
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import problem, wrong_field

_PATH = "/v1/enrollments/{workflow_id}/mails/{step}"


class OverrideBody(Strict):
    """A text for one mail: Markdown and Jinja2, as in the mail's own file."""

    body: str = Field(min_length=1, examples=["Hi {{ contact.first_name }},\n\nas we said…\n"])
    subject: ShortText | None = Field(default=None, examples=["As we said on the phone"])
    by: ShortText = Field(default="api", examples=["sam"])


class OverrideAnswer(Value):
    """The text that goes instead of the mail's own; without `subject` that stays."""

    step: str = Field(examples=["case-study"])
    subject: str | None
    body: str
    by: str
    at: AwareDatetime


def override_routes(deps: Deps) -> APIRouter:
    """Build the routes; a text that is kept before its mail is claimed is what goes."""
    router = APIRouter(tags=["enrollments"])
    _add_keeping(router, deps)
    _add_taking_back(router, deps)
    return router


def _add_keeping(router: APIRouter, deps: Deps) -> None:
    @router.put(
        _PATH,
        summary="Give one mail a text of its own",
        description="Layout, footer and attachments stay; once the mail has gone it is refused.",
        response_model=OverrideAnswer,
        responses=documented(404, 409),
    )
    async def put(workflow_id: str, step: str, body: OverrideBody, request: Request) -> object:
        at = deps.moments.arrival(request)
        text = Text(subject=body.subject, body=body.body, by=body.by, at=at)
        return _answer(
            await _asked(
                lambda ref, mail: override(deps.engine, ref, mail, text), workflow_id, step
            )
        )

    @router.get(
        _PATH,
        summary="Look at a mail's own text",
        response_model=OverrideAnswer,
        responses=documented(404),
    )
    async def look(workflow_id: str, step: str) -> object:
        return _answer(
            await _asked(lambda ref, mail: overridden(deps.engine, ref, mail), workflow_id, step)
        )


def _add_taking_back(router: APIRouter, deps: Deps) -> None:
    @router.delete(
        _PATH,
        summary="Take a mail's own text back",
        status_code=HTTPStatus.NO_CONTENT,
        responses=documented(404, 409),
    )
    async def remove(workflow_id: str, step: str) -> Response:
        gone = await _asked(lambda ref, mail: take_back(deps.engine, ref, mail), workflow_id, step)
        done = Response(status_code=HTTPStatus.NO_CONTENT)
        return _refusal(gone) if isinstance(gone, Refused) else done


async def _asked(
    work: Callable[[str, str], Override | Refused], workflow_id: str, step: str
) -> Override | Refused:
    # PostgreSQL cannot be asked about what it cannot keep.
    if (storable(workflow_id), storable(step)) != (workflow_id, step):
        return Refused(reason="unknown_enrollment", message="")
    return await run_in_threadpool(work, workflow_id, step)


def _answer(kept: Override | Refused) -> object:
    if isinstance(kept, Refused):
        return _refusal(kept)
    return OverrideAnswer.model_validate(kept.model_dump())


def _refusal(refused: Refused) -> Response:
    if refused.reason == "template":
        return wrong_field("body", refused.message)
    if refused.reason in _NOWHERE:
        return _not_there()
    return problem(_STATUS_BY_REASON[refused.reason], f"{refused.message}.")


def _not_there() -> Response:
    return problem(HTTPStatus.NOT_FOUND, "There is no such enrollment or mail.")


_NOWHERE = {"unknown_enrollment", "unknown_step"}
_STATUS_BY_REASON = {
    "not_overridden": HTTPStatus.NOT_FOUND,
    "ended": HTTPStatus.CONFLICT,
    "gone": HTTPStatus.CONFLICT,
}

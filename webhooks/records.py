"""Records of the API: what is known of a contact per order or contract, say."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from inbound.events import storable
from schemas.values import Value
from starter.incoming.records import RecordOf, forget_record, keep_record
from webhooks.bodies import RecordBody
from webhooks.deps import Deps
from webhooks.description import documented
from webhooks.problems import problem

_PATH = "/v1/contacts/{ref:path}/records/{record}"
_Record = Annotated[str, Path(min_length=1, max_length=255, examples=["contract-7"])]


class RecordAnswer(Value):
    """The record is kept; the same again changes nothing."""

    changed: bool = Field(examples=[True])


def record_routes(deps: Deps) -> APIRouter:
    """Build the routes; each answers when what it was asked is committed."""
    router = APIRouter(tags=["contacts"])
    _add_keep(router, deps)
    _add_forget(router, deps)
    return router


def _add_keep(router: APIRouter, deps: Deps) -> None:
    @router.put(
        _PATH,
        summary="Keep what is known of a contact per order or contract, say",
        description="The contact is named by id, external key or address. Dates in the data may "
        "enroll it (`enroll_on: {near: data.…}`), with the data; its enrollment per the same "
        "hears of what is new.",
        response_model=RecordAnswer,
        responses=documented(404),
    )
    async def keep(ref: str, record: _Record, body: RecordBody, request: Request) -> object:
        if storable(ref + record) != ref + record:
            return _unknown()
        at, whom = deps.moments.arrival(request), RecordOf(contact=ref, id=record)
        changed = await run_in_threadpool(keep_record, deps.engine, whom, body.data, at)
        if changed is None:
            return _unknown()
        deps.relay.nudge()
        return RecordAnswer(changed=changed)


def _add_forget(router: APIRouter, deps: Deps) -> None:
    @router.delete(
        _PATH,
        summary="Forget a record of a contact",
        description="Its dates enroll nobody any more; who is enrolled stays so.",
        status_code=HTTPStatus.NO_CONTENT,
        responses=documented(404),
    )
    async def forget(ref: str, record: _Record, request: Request) -> Response:
        if storable(ref + record) != ref + record:
            return _unknown()
        at, whom = deps.moments.arrival(request), RecordOf(contact=ref, id=record)
        known = await run_in_threadpool(forget_record, deps.engine, whom, at)
        return Response(status_code=HTTPStatus.NO_CONTENT) if known else _unknown()


def _unknown() -> Response:
    return problem(HTTPStatus.NOT_FOUND, "There is no such contact, or no such record of it.")

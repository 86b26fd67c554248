"""SendGrid's API of suppression lists: who is on which, since when, page by page."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from devstack.emulator import problems
from devstack.emulator.answers import rate_limit_headers, refusal
from devstack.emulator.emulator import Emulator
from devstack.emulator.keys import is_authorized
from devstack.emulator.problems import Problem
from devstack.emulator.records import JsonObject
from devstack.emulator.suppressions import SuppressionList

_MOST = 500
_FIELDS_BY_LIST: dict[SuppressionList, tuple[str, ...]] = {
    SuppressionList.UNSUBSCRIBES: (),
    SuppressionList.BOUNCES: ("reason", "status"),
    SuppressionList.BLOCKS: ("reason", "status"),
    SuppressionList.SPAM_REPORTS: ("ip",),
    SuppressionList.INVALID_EMAILS: ("reason",),
}


class _Part(BaseModel):
    start_time: int = Field(default=0, ge=0)
    end_time: int | None = Field(default=None, ge=0)
    limit: int = Field(default=_MOST, ge=0)
    offset: int = Field(default=0, ge=0)

    def holds(self, event: JsonObject) -> bool:
        created = event["timestamp"]
        last = self.end_time
        if not isinstance(created, int) or created < self.start_time:
            return False
        return last is None or created <= last


def add_list_routes(router: APIRouter, emulator: Emulator) -> None:
    """Add the routes under `/v3/suppression` and `/v3/asm/suppressions`."""

    @router.get("/suppression/{name}")
    async def listed(
        request: Request, name: SuppressionList, part: Annotated[_Part, Query()]
    ) -> Response:
        """Give a page of a list, of the time asked for, both ends included."""
        if part.limit > _MOST:
            return _answer(emulator, request, [], too_large=True)
        found = emulator.store.suppressions.on(name)
        rows = [_row(name, event) for event in found if part.holds(event)]
        return _answer(emulator, request, rows[part.offset : part.offset + part.limit])

    @router.get("/asm/suppressions")
    async def in_groups(request: Request) -> Response:
        """Give who left which unsubscribe group; all of them at once."""
        found = emulator.store.suppressions.in_groups()
        return _answer(emulator, request, [_group_row(event) for event in found])


def _answer(
    emulator: Emulator, request: Request, rows: list[JsonObject], *, too_large: bool = False
) -> Response:
    headers = rate_limit_headers(emulator.clock())
    if not is_authorized(emulator, request):
        return refusal(HTTPStatus.UNAUTHORIZED, problems.UNAUTHORIZED, headers=headers)
    if too_large:
        problem = Problem(message="limit should not be greater than 500", field="limit")
        return refusal(HTTPStatus.BAD_REQUEST, problem, headers=headers)
    return JSONResponse(rows, headers=headers)


def _row(name: SuppressionList, event: JsonObject) -> JsonObject:
    said = {field: str(event.get(field) or "") for field in _FIELDS_BY_LIST[name]}
    return {"created": event["timestamp"], "email": event["email"], **said}


def _group_row(event: JsonObject) -> JsonObject:
    group = event.get("asm_group_id")
    name = f"Group {group}"
    created = event["timestamp"]
    return {"email": event["email"], "group_id": group, "group_name": name, "created_at": created}

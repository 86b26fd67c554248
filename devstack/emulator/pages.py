"""The inbox in a browser: mails as their recipients see them, with buttons to act."""

import base64
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from devstack.emulator import words
from devstack.emulator.actions import Action, ActionKind, ActionRefusedError
from devstack.emulator.control_api import find_mail
from devstack.emulator.emulator import Emulator
from devstack.emulator.messages import build_message
from devstack.emulator.selection import Selection, select
from devstack.emulator.views import summary_of, view_of

_TEMPLATES = Path(__file__).parent / "templates"
_PER_PAGE = 100
_PATIENCE = 3.0  # seconds to wait for the webhook's answer before the page is shown

# Mails are strangers' HTML: no script, no form, no request leaves the page.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def build_pages(emulator: Emulator) -> APIRouter:
    """Build the routes that a person's browser visits."""
    router = APIRouter(include_in_schema=False)
    templates = _environment()
    _add_lists(router, emulator, templates)
    _add_mail(router, emulator, templates)
    _add_parts(router, emulator)
    return router


def _environment() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["words"] = words
    return templates


def _add_lists(router: APIRouter, emulator: Emulator, templates: Environment) -> None:
    @router.get("/")
    async def inbox(text: str = "", page: Annotated[int, Query(ge=1)] = 1) -> Response:
        """Show the newest mails."""
        wanted = Selection(
            text=text or None,
            newest_first=True,
            offset=(page - 1) * _PER_PAGE,
            limit=_PER_PAGE + 1,
        )
        mails = [summary_of(emulator, mail) for mail in select(emulator.store, wanted)]
        shown = templates.get_template("inbox.html").render(
            mails=mails[:_PER_PAGE],
            is_more=len(mails) > _PER_PAGE,
            text=text,
            page=page,
            total=len(emulator.store.mails),
        )
        return HTMLResponse(shown)

    @router.get("/style.css")
    async def style() -> Response:
        """Give the looks."""
        return Response((_TEMPLATES / "style.css").read_text(), media_type="text/css")


def _add_mail(router: APIRouter, emulator: Emulator, templates: Environment) -> None:
    def show(mail_id: str, *, refused: str = "") -> Response:
        view = view_of(emulator, find_mail(emulator, mail_id))
        shown = templates.get_template("mail.html").render(mail=view, refused=refused)
        return HTMLResponse(shown, HTTPStatus.CONFLICT if refused else HTTPStatus.OK)

    @router.get("/mails/{mail_id}")
    async def mail(mail_id: str) -> Response:
        """Show one mail."""
        return show(mail_id)

    @router.post("/mails/{mail_id}/actions")
    async def act(mail_id: str, request: Request) -> Response:
        """Do what a button says, wait a moment for the webhook's answer, and show it."""
        try:
            action = await _action_in(request)
            emulator.act(find_mail(emulator, mail_id), action)
        except (ActionRefusedError, ValidationError) as refused:
            return show(mail_id, refused=_reason(refused))
        await emulator.outbox.drain(_PATIENCE)
        return RedirectResponse(f"/mails/{mail_id}#story", HTTPStatus.SEE_OTHER)


def _add_parts(router: APIRouter, emulator: Emulator) -> None:
    @router.get("/mails/{mail_id}/html")
    async def html(mail_id: str) -> Response:
        """Show the HTML body, walled off."""
        body = find_mail(emulator, mail_id).part("text/html") or ""
        return HTMLResponse(body, headers={"Content-Security-Policy": _MAIL_POLICY})

    @router.get("/mails/{mail_id}/attachments/{number}")
    async def attachment(mail_id: str, number: int) -> Response:
        """Give a file that the mail carries, to be saved, never to be shown as a page."""
        files = find_mail(emulator, mail_id).attachments
        if not 0 <= number < len(files):
            return Response("This mail has no such attachment.", HTTPStatus.NOT_FOUND)
        name = quote(files[number].filename)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
        }
        held = base64.b64decode(files[number].content)
        return Response(held, media_type="application/octet-stream", headers=headers)

    @router.get("/mails/{mail_id}/raw")
    async def raw(mail_id: str) -> Response:
        """Give the message as it left."""
        message = build_message(find_mail(emulator, mail_id))
        return Response(message.as_bytes(), media_type="text/plain; charset=utf-8")


async def _action_in(request: Request) -> Action:
    async with request.form() as form:
        return Action.model_validate(
            {name: value for name, value in form.items() if value and isinstance(value, str)}
        )


def _reason(refused: ActionRefusedError | ValidationError) -> str:
    if isinstance(refused, ActionRefusedError):
        return str(refused)
    fields = ", ".join(str(error["loc"][0]) for error in refused.errors() if error["loc"])
    return f"The form is not filled in right: {fields}. The kinds are {', '.join(ActionKind)}."

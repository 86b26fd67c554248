"""`postroad notices`: what sequences post to others and tell owners, and what became of it."""

from datetime import datetime
from typing import Annotated

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from runtime.session import Session
from schemas.outcomes import Refused
from starter.outgoing.notices import Retried, retry
from storage.notices import ListedNotice, listing

_COLUMNS: dict[str, Side] = {
    "notice": "right",
    "kind": "left",
    "to": "left",
    "about": "left",
    "laid out (UTC)": "left",
    "state": "left",
    "tried": "right",
    "why": "left",
}


def list_notices(
    *,
    undelivered: Annotated[
        bool, typer.Option(help="Only those that wait or were given up.")
    ] = False,
    limit: Annotated[int, typer.Option(help="At most so many, the latest first.", min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """List webhooks and mails to owners, the latest first."""

    async def work(session: Session) -> list[ListedNotice]:
        with session.engine.connect() as connection:
            return listing(connection, undelivered=undelivered, limit=limit)

    found = run(work)
    if as_json:
        show_json(found)
    else:
        show_rows(_COLUMNS, (_cells(notice) for notice in found))


def retry_notice(
    notice: Annotated[int, typer.Argument(help="Its number, as `postroad notices list` shows it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Let a notice that waits or was given up be tried again, within seconds."""

    async def work(session: Session) -> Retried | Refused:
        return retry(session.engine, notice)

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(
            f"notice {answer.id} is tried again within {answer.within_seconds} s by a worker that "
            "runs, later only while its endpoint is busy"
        )


def _cells(one: ListedNotice) -> tuple[str, ...]:
    about = one.workflow_id or one.email or ""
    laid_out = _shown(one.created_wall)
    tried = str(one.attempts)
    return (
        *(str(one.id), one.kind, one.endpoint, about),
        *(laid_out, _state(one), tried, one.last_error or ""),
    )


def _state(one: ListedNotice) -> str:
    if one.delivered_wall is not None:
        return "delivered"
    return "given up" if one.gone_wall is not None else f"waits till {_shown(one.due_wall)}"


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


COMMANDS = {"notices": {"list": list_notices, "retry": retry_notice}}

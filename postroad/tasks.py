"""`postroad tasks`: what people have to do."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.tasks import Completed, complete
from storage.rows import ListedTask
from storage.tasks import listing

_COLUMNS: dict[str, Side] = {
    "task": "left",
    "what": "left",
    "contact": "left",
    "enrollment": "left",
    "opened (UTC)": "left",
    "late after (UTC)": "left",
}


def list_tasks(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are done or closed.")
    ] = False,
    limit: Annotated[int, typer.Option(help="At most so many, the oldest first.", min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """List open tasks, the oldest first."""

    async def work(session: Session) -> list[ListedTask]:
        with session.engine.connect() as connection:
            return listing(connection, state=None if everything else "open", limit=limit)

    found = run(work)
    if as_json:
        show_json(found)
    else:
        show_rows(_COLUMNS, (_cells(task) for task in found))


def done(
    task: Annotated[UUID, typer.Argument(help="The task's id, as `postroad tasks list` shows it.")],
    who: Annotated[str | None, typer.Option("--who", help="Who did it (default: you).")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Record that a task is done; its enrollment goes on."""

    async def work(session: Session) -> Completed | Refused:
        client = await session.client()
        return await complete(client, session.engine, task, who=who or me(), wall=wall_now())

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(f"done: {answer.task} of {answer.workflow_id}{_further(answer)}")


def _further(completed: Completed) -> str:
    if completed.before:
        return ", as it was before"
    return "" if completed.counts else "; its enrollment had gone on without it"


def _cells(task: ListedTask) -> tuple[str, ...]:
    late = _shown(task.late_at) if task.late_at else ""
    what = task.task if task.state == "open" else f"{task.task} ({task.state})"
    return (str(task.id), what, task.email, task.workflow_id, _shown(task.opened_at), late)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


COMMANDS = {"tasks": {"list": list_tasks, "done": done}}

"""`postroad lists`: which lists there are, how far they are, and stopping one."""

from typing import Annotated
from uuid import UUID

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from runtime.clock import wall_now
from runtime.session import Session
from schemas.values import Value
from starter.lists.running import standing_of, stop
from storage.entering import lists
from storage.entering.lists import ListRow

_COLUMNS: dict[str, Side] = {
    "list": "left",
    "sequence": "left",
    "file": "left",
    "state": "left",
    "rows": "right",
    "enrolled": "right",
    "refused": "right",
    "waiting": "right",
    "begun (UTC)": "left",
}

ListId = Annotated[UUID, typer.Argument(metavar="LIST", help="A list's id.")]
Limit = Annotated[int, typer.Option(help="At most so many, the latest first.", min=1)]


class Shown(Value):
    """A list in the list of lists."""

    list: str
    sequence: str
    file: str
    state: str
    rows: int
    enrolled: int
    refused: int
    waiting: int
    begun: str


def show_lists(context: typer.Context, *, limit: Limit = 20, as_json: AsJson = False) -> None:
    """Show the lists that were enrolled, and how far they are."""
    if context.invoked_subcommand is not None:
        return

    async def work(session: Session) -> list[Shown]:
        with session.engine.connect() as connection:
            found = lists.newest(connection, limit)
        return [_shown(session, one) for one in found]

    shown = run(work)
    if as_json:
        show_json(shown)
    else:
        show_rows(_COLUMNS, (tuple(map(str, one.model_dump().values())) for one in shown))


def stop_list(list_id: ListId) -> None:
    """Stop enrolling a list; the command that began it goes on with it.

    What is just being started is the last. Those enrolled stay so.
    """

    async def work(session: Session) -> ListRow | None:
        return stop(session.engine, list_id, wall_now())

    stopped = run(work)
    if stopped is None:
        refuse(f"there is no list {list_id}: `postroad lists` shows them")
    if stopped.finished_wall is not None:
        refuse(f"list {list_id} has been enrolled to its end: there is nothing to stop")
    say(f"stopped list {list_id}: the same `postroad enroll` goes on with it")


def _shown(session: Session, one: ListRow) -> Shown:
    standing = standing_of(session.engine, one.id)
    return Shown(
        list=str(one.id),
        sequence=one.sequence,
        file=one.name,
        state=_state(one),
        rows=standing.rows.rows,
        enrolled=standing.enrolled,
        refused=sum(standing.refused.values()),
        waiting=standing.waiting,
        begun=f"{one.created_wall:%Y-%m-%d %H:%M}",
    )


def _state(one: ListRow) -> str:
    if one.finished_wall is not None:
        return "finished"
    if one.stopped_wall is not None:
        return "stopped"
    return "importing" if one.uploaded_wall is None else "enrolling"


COMMANDS = {"lists": {"": show_lists, "stop": stop_list}}

"""`postroad pause`, `resume` and `exit`: an operator steers one enrollment."""

from typing import Annotated

import typer

from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.operating import Action, Commanded, Order, command

Enrollment = Annotated[
    str, typer.Argument(help="The workflow id, as `postroad list` shows it, or the database's id.")
]
Why = Annotated[str, typer.Option("--why", help="Why: kept with the command, shown to others.")]
Who = Annotated[str | None, typer.Option("--who", help="Who says so (default: you).")]

_DONE_BY_ACTION = {"pause": "paused", "resume": "resumed", "exit": "ended as stopped"}


def pause(enrollment: Enrollment, why: Why, who: Who = None, *, as_json: AsJson = False) -> None:
    """Pause an enrollment: no mail goes until it is resumed.

    Its waits stand still meanwhile. Once this command says so, nothing is sent any more.
    """
    _command(enrollment, _order("pause", who, why), as_json=as_json)


def resume(
    enrollment: Enrollment, why: Why = "", who: Who = None, *, as_json: AsJson = False
) -> None:
    """Resume a paused or held enrollment."""
    _command(enrollment, _order("resume", who, why), as_json=as_json)


def end(enrollment: Enrollment, why: Why, who: Who = None, *, as_json: AsJson = False) -> None:
    """End an enrollment for good, as stopped.

    Once this command says so, nothing is sent any more. It cannot be undone; whether the contact
    may enter again is the sequence's `re_enroll`.
    """
    _command(enrollment, _order("exit", who, why), as_json=as_json)


def _order(action: Action, who: str | None, why: str) -> Order:
    return Order(action=action, who=who or me(), why=why, wall=wall_now())


def _command(enrollment: str, order: Order, *, as_json: bool) -> None:
    async def work(session: Session) -> Commanded | Refused:
        return await command(await session.client(), session.engine, enrollment, order)

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(f"{answer.workflow_id} {_DONE_BY_ACTION[answer.action]}")


COMMANDS = {"pause": pause, "resume": resume, "exit": end}

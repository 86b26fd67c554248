"""`postroad pause`, `resume`, `skip`, `exit` and `change`: an operator steers one enrollment."""

from typing import Annotated

import typer

from postroad.brakes import PerSecond, keep_back, let_go
from postroad.options import Key
from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import run
from postroad.words import facts, me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.braking import is_brake
from starter.data_changes import Change, Changed, Place, change_data
from starter.operating import Action, Commanded, Order, command

Enrollment = Annotated[
    str, typer.Argument(help="The workflow id, as `postroad list` shows it, or the database's id.")
]
Why = Annotated[str, typer.Option("--why", help="Why: kept with the command, shown to others.")]
Who = Annotated[str | None, typer.Option("--who", help="Who says so (default: you).")]

Named = Annotated[
    str,
    typer.Argument(
        metavar="ENROLLMENT|SEQUENCE",
        help="The workflow id, or the database's id; with --contact a sequence's name.",
    ),
]
Assignments = Annotated[
    list[str], typer.Argument(metavar="NAME=VALUE...", help="New values of `data`.")
]
OfContact = Annotated[
    str | None, typer.Option("--contact", help="Whose enrollment: id, external key or address.")
]
Mark = Annotated[
    str | None, typer.Option("--id", help="An id of yours: the same change counts once.")
]

_DONE_BY_ACTION = {
    "pause": "paused",
    "resume": "resumed",
    "skip": "passes over the mail that it is held at",
    "exit": "ended as stopped",
}


def pause(enrollment: Enrollment, why: Why, who: Who = None, *, as_json: AsJson = False) -> None:
    """Pause an enrollment, or many: no mail goes until they are resumed.

    An enrollment's waits stand still meanwhile. Once this command says so, nothing is sent any
    more. Instead of an enrollment it may name sender:ADDRESS, sequence:NAME, domain:NAME or
    contact:WHO: their mails wait, and the clocks go on.
    """
    if is_brake(enrollment):
        keep_back(enrollment, who, why, as_json=as_json)
        return
    _command(enrollment, _order("pause", who, why), as_json=as_json)


def resume(
    enrollment: Enrollment,
    why: Why = "",
    who: Who = None,
    *,
    rate: PerSecond = None,
    as_json: AsJson = False,
) -> None:
    """Resume a paused or held enrollment, or many that were paused together.

    What many were paused by is what to name: sender:ADDRESS, say, or account. Their mails go on
    slowly at first, those due first first.
    """
    if is_brake(enrollment):
        let_go(enrollment, who, rate, as_json=as_json)
        return
    _command(enrollment, _order("resume", who, why), as_json=as_json)


def skip(enrollment: Enrollment, why: Why, who: Who = None, *, as_json: AsJson = False) -> None:
    """Give up the mail that an enrollment is held at for its date.

    That date is missing or past; the steps after it go on.
    """
    _command(enrollment, _order("skip", who, why), as_json=as_json)


def end(enrollment: Enrollment, why: Why, who: Who = None, *, as_json: AsJson = False) -> None:
    """End an enrollment for good, as stopped.

    Once this command says so, nothing is sent any more. It cannot be undone; whether the contact
    may enter again is the sequence's `re_enroll`.
    """
    _command(enrollment, _order("exit", who, why), as_json=as_json)


def change(  # noqa: PLR0913 one argument an option: the command line's own shape
    enrollment: Named,
    assignments: Assignments,
    *,
    contact: OfContact = None,
    key: Key = None,
    mark: Mark = None,
    as_json: AsJson = False,
) -> None:
    """Change what an enrollment was given, such as a date.

    Its pending mails are aimed anew at once; those that went stay. A value that is JSON (5, true,
    null) is that, else it is text; null takes a value away.
    """
    if contact is None and key is not None:
        raise typer.BadParameter("--key goes with a sequence's name and --contact")
    whom = enrollment if contact is None else Place(sequence=enrollment, contact=contact, key=key)
    changed = Change(facts=facts(assignments), id=mark, wall=wall_now(), source="cli")

    async def work(session: Session) -> Changed | Refused:
        return await change_data(await session.client(), session.engine, whom, changed)

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        said = "changed" if answer.new else "known already: nothing changed"
        say(f"{answer.workflow_id} {said}")


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


COMMANDS = {"pause": pause, "resume": resume, "skip": skip, "exit": end, "change": change}

"""`postroad holds` and `release`: who is held for a cause that a person can mend, and goes on."""

from typing import Annotated

import typer

from postroad.brakes import PerSecond, Who, Why
from postroad.printing import AsJson, Side, note, refuse, say, show_json, show_rows
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.connections import UnreachableError
from runtime.session import Session
from schemas.outcomes import Refused
from starter.braking import PER_SECOND
from starter.holding import Causes, Held, Mended, Released, held, listed, release

_COLUMNS: dict[str, Side] = {"held": "right", "since (UTC)": "left", "in": "left", "cause": "left"}


def list_holds(*, as_json: AsJson = False) -> None:
    """Show for what enrollments are held, the most frequent cause first."""

    async def work(session: Session) -> list[Held]:
        return held(session.engine, await _causes(session))

    found = run(work)
    if as_json:
        show_json(found)
    elif not found:
        say("nobody is held")
    else:
        show_rows(_COLUMNS, (_cells(one) for one in found))


def let_go(
    cause: Annotated[str, typer.Option("--cause", help="The cause, or how it begins.")],
    why: Why = "",
    who: Who = None,
    *,
    rate: PerSecond = None,
    as_json: AsJson = False,
) -> None:
    """Let all go on who are held for one cause, those due first first."""

    async def work(session: Session) -> Released | Refused:
        pace = rate or min(PER_SECOND, session.settings.sends_per_second or PER_SECOND)
        mended = Mended(cause=cause, who=who or me(), why=why, at=wall_now(), per_second=pace)
        return release(session.engine, mended, await _causes(session))

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(f"{answer.released} go on, the last one in {answer.seconds} s")


async def _causes(session: Session) -> Causes:
    try:
        return await listed(await session.client())
    except UnreachableError:
        note("Temporal does not answer: who is held for a date is not among them")
        return {}


def _cells(one: Held) -> tuple[str, ...]:
    since = f"{one.since:%Y-%m-%d %H:%M}" if one.since else ""
    return str(one.count), since, ", ".join(one.sequences), one.cause


COMMANDS = {"holds": list_holds, "release": let_go}

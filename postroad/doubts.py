"""`postroad doubts` and `settle`: mails of which nobody knows whether they went."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.doubting import SettledByHand, Word, settle, standing
from storage.sending.doubts import Doubt

_MINUTE, _HOUR = 60, 3600
_COLUMNS: dict[str, Side] = {
    "send": "left",
    "enrollment": "left",
    "mail": "left",
    "state": "left",
    "for": "right",
    "evidence": "left",
}


class Verdict(StrEnum):
    """What became of a mail in doubt."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not-accepted"


def list_doubts(*, as_json: AsJson = False) -> None:
    """List the mails in doubt, the oldest first: for how long, what is known."""

    async def work(session: Session) -> list[Doubt]:
        return standing(session.engine)

    found = run(work)
    if as_json:
        show_json(found)
    elif not found:
        say("no mail is in doubt")
    else:
        show_rows(_COLUMNS, (_cells(one) for one in found))


def settle_one(
    send: Annotated[UUID, typer.Argument(help="The mail, as `postroad doubts` shows it.")],
    verdict: Annotated[Verdict, typer.Argument(help="What SendGrid shows of it.")],
    why: Annotated[str, typer.Option("--why", help="How you know: kept with the mail.")],
    who: Annotated[str | None, typer.Option("--who", help="Who says so (default: you).")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Settle a mail in doubt: it went, or it did not and is not sent again.

    Its enrollment goes on at once.
    """

    async def work(session: Session) -> SettledByHand | Refused:
        word = Word(accepted=verdict is Verdict.ACCEPTED, who=who or me(), why=why, wall=wall_now())
        return await settle(await session.client(), session.engine, send, word)

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        went = "it went" if answer.accepted else "it did not go, and is not sent again"
        say(f"{answer.workflow_id}: {went}")


def _cells(one: Doubt) -> tuple[str, ...]:
    again = f", attempt {one.attempt}" if one.attempt > 1 else ""
    state = one.state.replace("_", " ")
    return str(one.send), one.workflow_id, f"{one.step}{again}", state, _age(one), one.evidence


def _age(one: Doubt) -> str:
    if one.seconds < _MINUTE:
        return f"{one.seconds} s"
    if one.seconds < _HOUR:
        return f"{one.seconds // _MINUTE} min"
    return f"{one.seconds // _HOUR} h"


COMMANDS = {"doubts": list_doubts, "settle": settle_one}

"""`postroad explain`: why each mail of an enrollment went or did not, or why there is none."""

from typing import Annotated

import typer

from postroad.explained import show_absence, show_explanation
from postroad.options import Data, Key
from postroad.printing import AsJson, refuse, show_json
from postroad.session import run
from postroad.words import facts
from runtime.clock import wall_now
from runtime.connections import UnreachableError
from runtime.session import Session
from schemas.outcomes import Refused
from starter.explaining.absences import Absence, Asked, explain_absence
from starter.explaining.explanations import Explanation
from starter.explaining.explanations import explain as explain_enrollment

Enrollment = Annotated[
    str | None,
    typer.Argument(help="The workflow id, as `postroad list` shows it, or the database's id."),
]
OfContact = Annotated[
    str | None,
    typer.Option("--contact", help="Instead: of whom, by id, external key or address."),
]
InSequence = Annotated[
    str | None, typer.Option("--sequence", help="And in which sequence, also if it is in none.")
]

Answer = Explanation | Absence | Refused


def explain(  # noqa: PLR0913 one argument an option: the command line's own shape
    enrollment: Enrollment = None,
    *,
    contact: OfContact = None,
    sequence: InSequence = None,
    key: Key = None,
    assignments: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say why each mail went or did not, and what comes next.

    Also what keeps it, what a person must do, and what would end it. Of an enrollment that is over,
    or if neither Temporal nor a worker answers, the database's record tells what it knows. With
    --contact and --sequence it also says why somebody is not enrolled: who refused, and by what.
    """
    given = (contact, sequence, key, assignments)
    _check(enrollment, whom=bool(contact and sequence), anything=any(given))
    asked = Asked(
        sequence=sequence or "",
        contact=contact or "",
        key=key,
        data=facts(assignments or ()),
        now=wall_now(),
    )

    async def work(session: Session) -> Answer:
        return await _answer(session, enrollment, asked)

    _tell(run(work), as_json=as_json)


def _check(enrollment: str | None, *, whom: bool, anything: bool) -> None:
    if enrollment is not None and anything:
        raise typer.BadParameter("name an enrollment, or --contact and --sequence, not both")
    if enrollment is None and not whom:
        raise typer.BadParameter("name an enrollment, or --contact and --sequence")


async def _answer(session: Session, enrollment: str | None, asked: Asked) -> Answer:
    if enrollment is None:
        absence = await explain_absence(session.engine, asked)
        if isinstance(absence, Refused) or not absence.live:
            return absence
        enrollment = absence.live[0]
    try:
        client = await session.client()
    except UnreachableError:
        client = None
    return await explain_enrollment(client, session.engine, enrollment)


def _tell(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if as_json:
        return
    if isinstance(answer, Absence):
        show_absence(answer)
    else:
        show_explanation(answer)


COMMANDS = {"explain": explain}

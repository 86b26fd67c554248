"""`postroad explain`: why each mail of an enrollment went or did not, and what comes."""

from typing import Annotated

import typer

from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import run
from runtime.connections import UnreachableError
from runtime.session import Session
from schemas.explained import Told
from schemas.outcomes import Refused
from schemas.progress import What
from starter.explaining.explanations import Explanation
from starter.explaining.explanations import explain as explain_enrollment


def explain(
    enrollment: Annotated[
        str,
        typer.Argument(help="The workflow id, as `postroad list` shows it, or the database's id."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Say why each mail went or did not, and what comes next.

    Also what keeps it, what a person must do, and what would end it. Of an enrollment that is over,
    or if neither Temporal nor a worker answers, the database's record tells what it knows.
    """

    async def work(session: Session) -> Explanation | Refused:
        try:
            client = await session.client()
        except UnreachableError:
            client = None
        return await explain_enrollment(client, session.engine, enrollment)

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        show_explanation(answer)


def show_explanation(told: Explanation) -> None:
    """Print an explanation, in paragraphs under headings."""
    say(f"{told.workflow_id}: {told.over or told.state}, all times {told.zone}")
    say(f"contact {told.contact}, version {told.version[:12]}, enrolled {told.asked_for}")
    _under("What it waits for", told.waits)
    say("\nEach step, and why")
    for step in told.steps:
        say(f"\n  {_heading(step, told.zone)}\n    {step.why}")
    _under("What comes if nothing else happens", (_ahead(told)))
    _under("What nobody knows yet", told.depends)
    _under("What would end it", tuple(f"{one.ending}: {one.when}" for one in told.ends))


def _under(heading: str, lines: tuple[str, ...]) -> None:
    if lines:
        say("\n".join((f"\n{heading}", *(f"  {line}" for line in lines))))


def _heading(step: Told, zone: str) -> str:
    again = f" ({step.occurrence})" if step.occurrence > 1 else ""
    when = f", {step.local.removesuffix(f' {zone}')}" if step.local else ""
    return f"{step.step}{again}: {_FATES.get(step.fate, step.fate)}{when}"


def _ahead(told: Explanation) -> tuple[str, ...]:
    zone = f" {told.zone}"
    return tuple(
        f"{one.local.removesuffix(zone)}  {one.what} {one.step or one.why}"
        for one in told.ahead
        if one.what in _SHOWN
    )


_SHOWN = (What.SENT, What.TASK_OPENED, What.HANDED_OFF, What.EFFECT, What.ENDED)
_FATES = {
    "in_doubt": "in doubt",
    "not_sent": "not sent",
    "to_come": "to come",
    "passed_over": "passed over",
    "not_reached": "not reached",
    "not_called": "not called for",
}

COMMANDS = {"explain": explain}

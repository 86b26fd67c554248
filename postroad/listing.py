"""`postroad list`: who is in what."""

from typing import Annotated

import typer

from postroad.printing import AsJson, Side, refuse, show_json, show_rows
from postroad.session import run
from runtime.session import Session
from schemas.outcomes import Refused
from starter.explaining.stories import state_of
from starter.listing import list_enrollments as list_all
from storage.enrolled import Filter, State
from storage.rows import ListedEnrollment

_COLUMNS: dict[str, Side] = {
    "enrollment": "left",
    "contact": "left",
    "state": "left",
    "ending": "left",
    "sent": "right",
    "enrolled (UTC)": "left",
}


InSequence = Annotated[str | None, typer.Argument(help="Only those in this sequence.")]
OfContact = Annotated[
    str | None, typer.Option(help="Only this contact's: id, external key or address.")
]
InState = Annotated[
    str | None, typer.Option(help="Only those that are live, paused, reserved or ended.")
]
EndedAs = Annotated[str | None, typer.Option(help="Only those that ended as this.")]
Limit = Annotated[int, typer.Option(help="At most so many, the latest first.", min=1)]


def list_enrollments(  # noqa: PLR0913 one argument an option: the command line's own shape
    sequence: InSequence = None,
    *,
    contact: OfContact = None,
    state: InState = None,
    ending: EndedAs = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List enrollments.

    The latest first. By what holds them, Temporal's UI filters with PostroadState and
    PostroadHeld.
    """
    if state is not None and state not in _STATES:
        raise typer.BadParameter(f"--state is one of {', '.join(_STATES)}, not {state}")
    wanted = Filter(sequence=sequence, state=_STATES.get(state or ""), ending=ending)

    async def work(session: Session) -> list[ListedEnrollment] | Refused:
        return list_all(session.engine, wanted, contact=contact, limit=limit)

    found = run(work)
    if isinstance(found, Refused):
        refuse(found.message)
    if as_json:
        show_json(found)
    else:
        show_rows(_COLUMNS, (_cells(row) for row in found))


def _cells(row: ListedEnrollment) -> tuple[str, ...]:
    enrolled = f"{row.enrolled_at:%Y-%m-%d %H:%M}"
    return (row.workflow_id, row.email, state_of(row), row.ending or "", str(row.sent), enrolled)


_STATES: dict[str, State] = {
    "live": "live",
    "paused": "paused",
    "reserved": "reserved",
    "ended": "ended",
}

COMMANDS = {"list": list_enrollments}

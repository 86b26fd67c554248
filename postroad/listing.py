"""`postroad list`: who is in what."""

from typing import Annotated

import typer

from postroad.printing import AsJson, Side, refuse, show_json, show_rows
from postroad.session import run
from runtime.session import Session
from starter.explaining import state_of
from storage.contacts import find
from storage.enrolled import Filter, State, listing
from storage.rows import ListedEnrollment

_COLUMNS: dict[str, Side] = {
    "enrollment": "left",
    "contact": "left",
    "state": "left",
    "ending": "left",
    "sent": "right",
    "enrolled (UTC)": "left",
}


def list_enrollments(  # noqa: PLR0913 one argument an option: the command line's own shape
    sequence: Annotated[str | None, typer.Argument(help="Only those in this sequence.")] = None,
    *,
    contact: Annotated[
        str | None, typer.Option(help="Only this contact's: id, external key or address.")
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="Only those that are live, paused, reserved or ended.")
    ] = None,
    ending: Annotated[str | None, typer.Option(help="Only those that ended as this.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many, the latest first.", min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """List enrollments.

    The latest first. By what holds them, Temporal's UI filters with PostroadState and
    PostroadHeld.
    """
    if state is not None and state not in _STATES:
        raise typer.BadParameter(f"--state is one of {', '.join(_STATES)}, not {state}")

    async def work(session: Session) -> list[ListedEnrollment] | None:
        with session.engine.connect() as connection:
            whose = None if contact is None else find(connection, contact)
            if contact is not None and whose is None:
                return None
            wanted = Filter(
                sequence=sequence,
                contact_id=whose.id if whose else None,
                state=_STATES.get(state or ""),
                ending=ending,
            )
            return listing(connection, wanted, limit=limit)

    found = run(work)
    if found is None:
        refuse(f"no contact has the id, external key or address {contact}")
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

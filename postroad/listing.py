"""`postroad list`: who is in what."""

from typing import Annotated

import typer

from postroad.printing import AsJson, Side, note, refuse, say, show_json, show_rows
from postroad.session import run
from runtime.session import Session
from schemas.outcomes import Refused
from starter.explaining.stories import state_of
from starter.listing import Waiters, list_waiting
from starter.listing import list_enrollments as list_all
from storage.enrolled import Filter, State
from storage.entering.places import ListedPlace
from storage.entering.turns import Newcomer
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
    str | None,
    typer.Option(help="Only those that are live, paused, reserved, ended or waiting to begin."),
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

    The latest first; with `--state waiting` starts that wait for their day or their turn.
    By what holds them, Temporal's UI filters with PostroadState and PostroadHeld.
    """
    if state == _WAITING:
        _tell_waiting(sequence, contact, limit, as_json=as_json)
        return
    wanted = Filter(sequence=sequence, state=_state(state), ending=ending)

    async def work(session: Session) -> list[ListedEnrollment] | Refused:
        return list_all(session.engine, wanted, contact=contact, limit=limit)

    found = run(work)
    if isinstance(found, Refused):
        refuse(found.message)
    if as_json:
        show_json(found)
    else:
        show_rows(_COLUMNS, (_cells(row) for row in found))
        _note_waiting(sequence, contact)


def _state(written: str | None) -> State | None:
    if written is None or written in _STATES:
        return _STATES.get(written or "")
    known = ", ".join((*_STATES, _WAITING))
    raise typer.BadParameter(f"--state is one of {known}, not {written}")


def _note_waiting(sequence: str | None, contact: str | None) -> None:
    async def work(session: Session) -> Waiters | Refused:
        return list_waiting(session.engine, sequence, contact=contact, limit=1)

    found = run(work)
    if isinstance(found, Waiters) and found.places and found.last_at is not None:
        until = f"{found.last_at:%Y-%m-%d %H:%M} UTC"
        day = "waits for its day" if found.waiting == 1 else "wait for their day"
        note(f"{found.waiting} more {day}, the last until {until}: --state waiting")
    if isinstance(found, Waiters) and found.turns:
        note(f"{_for_turns(found.for_turns, ' more')}: --state waiting")


def _tell_waiting(sequence: str | None, contact: str | None, limit: int, *, as_json: bool) -> None:
    async def work(session: Session) -> Waiters | Refused:
        return list_waiting(session.engine, sequence, contact=contact, limit=limit)

    found = run(work)
    if isinstance(found, Refused):
        refuse(found.message)
    if as_json:
        show_json(found)
        return
    asking = (_newcomer(one) for one in found.turns)
    show_rows(_WAITERS, (*(_waiter(place) for place in found.places), *asking))
    if found.last_at is not None:
        say(f"{_wait(found.waiting)}, the last until {found.last_at:%Y-%m-%d %H:%M} UTC")
    if found.for_turns:
        say(_for_turns(found.for_turns))


def _for_turns(count: int, more: str = "") -> str:
    whose = "waits for its turn" if count == 1 else "wait for their turn"
    return f"{count}{more} {whose}"


def _wait(count: int) -> str:
    return "1 waits" if count == 1 else f"{count} wait"


def _waiter(place: ListedPlace) -> tuple[str, ...]:
    until = f"{place.opens_at or place.asked_at:%Y-%m-%d %H:%M}"
    return (place.workflow_id, place.email, until, place.why)


def _newcomer(one: Newcomer) -> tuple[str, ...]:
    until = "" if one.until_at is None else f"{one.until_at:%Y-%m-%d %H:%M}"
    return (one.workflow_id, one.email, until, one.why)


def _cells(row: ListedEnrollment) -> tuple[str, ...]:
    enrolled = f"{row.enrolled_at:%Y-%m-%d %H:%M}"
    return (row.workflow_id, row.email, state_of(row), row.ending or "", str(row.sent), enrolled)


_WAITING = "waiting"
_WAITERS: dict[str, Side] = {
    "enrollment": "left",
    "contact": "left",
    "until (UTC)": "left",
    "why": "left",
}
_STATES: dict[str, State] = {
    "live": "live",
    "paused": "paused",
    "reserved": "reserved",
    "ended": "ended",
}

COMMANDS = {"list": list_enrollments}

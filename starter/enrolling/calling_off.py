"""Calling off a start that waits, for the day of its place or for its turn, and has not begun."""

from datetime import datetime

from sqlalchemy import Engine

from activities.admitting import moving_up
from activities.turns import tell, withdraw
from schemas.events import Turn
from schemas.outcomes import Refused
from storage import deliveries
from storage.entering import places, turns
from storage.entering.places import Place, Withdrawal
from storage.people import contacts
from workflows.deciding.endings import STOPPED


def waiting(engine: Engine, workflow_id: str) -> Place | None:
    """Give the place that a start under this workflow id waits for, if one does."""
    with engine.connect() as connection:
        return places.waiting_of(connection, workflow_id)


def not_begun(place: Place) -> Refused:
    """Refuse what can be done only to an enrollment that has begun."""
    message = f"{place.workflow_id} has not begun ({place.why}): it can only be called off (exit)"
    return Refused(reason="not_begun", message=message)


def call_off(engine: Engine, place: Place, *, who: str, why: str, at: datetime) -> bool:
    """Call a start off, and give its place back; tell whether it still waited."""
    with engine.begin() as connection:
        # A beginning is wholly before, or finds it called off.
        contacts.lock(connection, place.contact_id)
        off = Withdrawal(by=who, why=why, at=at, name=STOPPED)
        if not moving_up.withdraw(connection, place, off):
            return False
        told = Turn(id=f"called-off.{place.id}", at=at, held=False, why=f"called off by {who}")
        deliveries.enqueue(connection, place.workflow_id, told)
        return True


def is_in_line(engine: Engine, workflow_id: str) -> bool:
    """Tell whether a start under this workflow id has or waits for a turn and has not begun."""
    with engine.connect() as connection:
        return bool(turns.not_begun(connection, workflow_id))


def waits_for_its_turn(workflow_id: str) -> Refused:
    """Refuse what can be done only to an enrollment that has begun."""
    message = (
        f"{workflow_id} waits for its turn and has not begun: it can only be called off (exit)"
    )
    return Refused(reason="not_begun", message=message)


def leave_line(engine: Engine, workflow_id: str, *, who: str, why: str, at: datetime) -> bool:
    """Let a start wait for its turn no more, and tell whether one did; a turn it had goes on."""
    said = f"called off by {who}" + (f": {why}" if why else "")
    with engine.begin() as connection:
        gone = withdraw(connection, workflow_id, Refused(reason=STOPPED, message=said), at)
        for one in gone:
            tell(connection, one)
    return bool(gone)

"""Calling off a start that waits for the day of its place: nothing is on record of it but that."""

from datetime import datetime

from sqlalchemy import Engine

from schemas.events import Turn
from schemas.outcomes import Refused
from storage import contacts, deliveries, places
from storage.places import Place, Withdrawal
from workflows.endings import STOPPED


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
        if not places.withdraw(connection, place, off):
            return False
        told = Turn(id=f"called-off.{place.id}", at=at, held=False, why=f"called off by {who}")
        deliveries.enqueue(connection, place.workflow_id, told)
        return True

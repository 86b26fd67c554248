"""Putting an ending on record: the one door, whatever brings it about."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection

from activities.admitting import moving_up
from activities.turns import give_up, release, whose
from schemas.events import Turn
from schemas.progress import Ending
from storage import enrolled, enrollments
from storage.entering import turns
from storage.people import contacts
from workflows.deciding.endings import STOPPED

_RANK = 1000
_GONE = "its workflow does not run any more"


def put_down(connection: Connection, row: UUID, ending: Ending, rank: int) -> Ending:
    """End an enrollment unless it has ended, pass its contact's turn on, and give what is recorded.

    It locks the contact first: call it before anything else of the enrollment is locked.
    """
    contacts.lock(connection, enrolled.get(connection, row).contact_id)
    counted = enrollments.end(connection, row, ending, rank)
    release(connection, row, counted.name, counted.at)
    return counted


def pass_on_vanished(connection: Connection, told: Collection[Turn]) -> None:
    """End those whose workflows run no more; the turns and places they were told of go on."""
    ids = [mark for turn in told if (mark := whose(turn)) is not None]
    late = moving_up.waiting_of(connection, told)
    left = turns.standing_of(connection, ids) if ids else []
    gone = [*(one.contact_id for one in left), *(one.contact_id for one, _ in late)]
    contacts.lock_all(connection, gone)
    for one in turns.standing_of(connection, ids) if ids else ():
        if one.enrollment_id is None:
            give_up(connection, one, STOPPED, one.since_at, _GONE)
        else:
            gone_at = Ending(name=STOPPED, at=one.since_at, why=_GONE)
            put_down(connection, one.enrollment_id, gone_at, _RANK)
    for place, turn in late:
        moving_up.give_back(connection, place, "abandoned", turn.at or place.asked_at)

"""Who is in what: enrollments listed for people."""

from sqlalchemy import Engine

from schemas.outcomes import Refused
from starter.enrolling.enrollments import UNKNOWN_CONTACT, unpublished
from storage import enrolled
from storage.enrolled import Filter
from storage.entering import places, turns
from storage.entering.places import ListedPlace, Queue
from storage.entering.turns import Newcomer
from storage.people import contacts
from storage.rows import ListedEnrollment


def list_enrollments(
    engine: Engine, wanted: Filter, *, contact: str | None = None, limit: int = 100
) -> list[ListedEnrollment] | Refused:
    """List enrollments, the latest first: all of them, or those of one contact or sequence."""
    with engine.connect() as connection:
        if wanted.sequence and (refused := unpublished(connection, wanted.sequence, None)):
            return refused
        if contact is None:
            return enrolled.listing(connection, wanted, limit=limit)
        whose = contacts.find(connection, contact)
        if whose is None:
            return UNKNOWN_CONTACT
        of_one = wanted.model_copy(update={"contact_id": whose.id})
        return enrolled.listing(connection, of_one, limit=limit)


class Waiters(Queue):
    """Who waits to begin: for the day of their place, or for their turn; and how many do each."""

    places: tuple[ListedPlace, ...]
    for_turns: int = 0
    turns: tuple[Newcomer, ...] = ()


def list_waiting(
    engine: Engine, sequence: str | None, *, contact: str | None = None, limit: int = 100
) -> Waiters | Refused:
    """List the starts that wait for their day or their turn, the next first, and count all."""
    with engine.connect() as connection:
        if sequence and (refused := unpublished(connection, sequence, None)):
            return refused
        whose = None if contact is None else contacts.find(connection, contact)
        if contact is not None and whose is None:
            return UNKNOWN_CONTACT
        of = None if whose is None else whose.id
        found = places.listing(connection, sequence, contact_id=of, limit=limit)
        asking = turns.newcomers(connection, sequence, contact_id=of, limit=limit)
        counted = places.queue(connection, sequence)
        for_turns = turns.count_newcomers(connection, sequence)
    shown = {"places": tuple(found), "turns": tuple(asking), "for_turns": for_turns}
    return Waiters.model_validate({**counted.model_dump(), **shown})

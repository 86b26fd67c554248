"""Who is in what: enrollments listed for people."""

from sqlalchemy import Engine

from schemas.outcomes import Refused
from starter.enrolling.enrollments import UNKNOWN_CONTACT, unpublished
from storage import enrolled
from storage.enrolled import Filter
from storage.entering import places
from storage.entering.places import ListedPlace, Queue
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
    """Who waits for the day of their place, and how many do."""

    places: tuple[ListedPlace, ...]


def list_waiting(
    engine: Engine, sequence: str | None, *, contact: str | None = None, limit: int = 100
) -> Waiters | Refused:
    """List the starts that wait for the day of their place, the next first, and count all."""
    with engine.connect() as connection:
        if sequence and (refused := unpublished(connection, sequence, None)):
            return refused
        whose = None if contact is None else contacts.find(connection, contact)
        if contact is not None and whose is None:
            return UNKNOWN_CONTACT
        of = None if whose is None else whose.id
        found = places.listing(connection, sequence, contact_id=of, limit=limit)
        counted = places.queue(connection, sequence)
    return Waiters(**counted.model_dump(), places=tuple(found))

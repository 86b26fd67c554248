"""Who is in what: enrollments listed for people."""

from sqlalchemy import Engine

from schemas.outcomes import Refused
from starter.enrollments import UNKNOWN_CONTACT, unpublished
from storage import contacts, enrolled
from storage.enrolled import Filter
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

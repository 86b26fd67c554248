"""Asking whether a contact may be mailed, apart from any mail."""

from sqlalchemy import Engine

from schemas.suppression import Reason
from schemas.values import Value
from storage import contacts, suppressions


class SuppressionRequest(Value):
    """Whether a mail of this kind and topic may go to the contact."""

    contact: str
    transactional: bool = False
    topic: str | None = None


def check(engine: Engine, request: SuppressionRequest) -> Reason | None:
    """Give the gravest reason why not, if there is one; LookupError if there is no contact."""
    with engine.connect() as connection:
        contact = contacts.get(connection, request.contact)
        if contact is None:
            raise LookupError(f"There is no contact {request.contact}.")
        return suppressions.applying(
            connection, contact.email, transactional=request.transactional, topic=request.topic
        )

"""Asking whether a contact may be mailed, apart from any mail."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from schemas.contact import Contact
from schemas.events import Complaint, Event, Unsubscribe
from schemas.sequence import Sequence
from schemas.suppression import Reason
from schemas.values import Value
from storage.people import contacts, suppressions


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


def opted_out(
    connection: Connection, sequence: Sequence, contact: Contact, at: datetime
) -> tuple[Event, ...]:
    """Tell an enrollment that no marketing is wanted since before it began (rule 24)."""
    if not any(step.transactional for step in sequence.emails):
        return ()  # who opted out was not let in
    reason = suppressions.applying(
        connection, contact.email, transactional=False, topic=sequence.topic
    )
    kind = _OPT_OUTS.get(reason) if reason is not None else None
    return () if kind is None else (kind(id="suppressed-before", at=at),)


_OPT_OUTS: dict[Reason, type[Unsubscribe | Complaint]] = {
    Reason.UNSUBSCRIBED: Unsubscribe,
    Reason.COMPLAINED: Complaint,
}

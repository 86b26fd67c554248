"""Someone asks, by the link in a mail, not to be written to any more."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, Engine

from schemas.events import Unsubscribe
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from starter.incoming.intake import Occurrence, everywhere, take
from storage.events import NewEvent
from storage.people import contacts, suppressions
from storage.rows import SendRow
from storage.sending import sends


def take_opt_out(engine: Engine, send_id: UUID, at: datetime) -> bool:
    """Unsubscribe the contact of a send; False if there is no such send.

    Doing it again changes nothing, unless the contact has come back in the meantime: then it
    counts anew.
    """
    with engine.begin() as connection:
        send = sends.get(connection, send_id)
        if send is not None:
            _opt_out(connection, send, at)
    return send is not None


def _opt_out(connection: Connection, send: SendRow, at: datetime) -> None:
    contact = contacts.lock(connection, send.contact_id)
    if contact is None or not suppressions.suppress(connection, _suppression(contact.email, at)):
        return
    key = sha256(f"page|{send.id}|{at.isoformat()}".encode()).hexdigest()
    record = NewEvent(
        source="page",
        natural_key=key,
        kind="unsubscribe",
        contact_id=contact.id,
        send_id=send.id,
        enrollment_id=send.enrollment_id,
        at=at,
        fields={},
    )
    event = Unsubscribe(id=record.mark, at=at)
    take(connection, Occurrence(record=record, tell=everywhere(event)))
    sends.note(connection, send.id, "unsubscribed", at)


def _suppression(email: str, at: datetime) -> Suppression:
    reason = Reason.UNSUBSCRIBED
    return Suppression(
        target=email, reason=reason, scope=SCOPE_BY_REASON[reason], source="page", at=at
    )

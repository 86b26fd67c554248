"""Settling a mail in doubt for good."""

from uuid import UUID

from sqlalchemy import Engine

from schemas.activities import SettleRequest
from schemas.ledger import given_up
from schemas.outcomes import Settled
from storage.people import contacts
from storage.sending import deferrals, sends


def settle(engine: Engine, request: SettleRequest) -> Settled:
    """Settle a mail in doubt: it went if SendGrid has told of it, else it counts as not sent.

    It is not sent again. Whoever was posting it is surely done (see POST_WITHIN in sending).
    """
    send = UUID(request.send)
    with engine.begin() as connection:
        row = sends.get(connection, send)
        if row is None:
            return Settled(accepted=False)
        contacts.lock(connection, row.contact_id)
        if sends.settle(connection, send, given_up(request.now)):
            # What did not go takes no room of a cap.
            deferrals.wake(connection, row.contact_id, request.now)
        row = sends.get(connection, send)
    return Settled(accepted=row is not None and row.state == "accepted")

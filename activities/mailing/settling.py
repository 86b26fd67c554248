"""Settling a mail in doubt for good."""

from uuid import UUID

from sqlalchemy import Engine

from schemas.activities import SettleRequest
from schemas.ledger import given_up, sent_again
from schemas.outcomes import Settled
from storage.people import contacts
from storage.sending import deferrals, sends


def settle(engine: Engine, request: SettleRequest) -> Settled:
    """Settle a mail in doubt: it went if SendGrid has told of it, else it counts as not sent.

    It is not sent again, unless the request wants it so and it was not before. Whoever was posting
    it is surely done (see POST_OVER in claiming).
    """
    send = UUID(request.send)
    with engine.begin() as connection:
        row = sends.get(connection, send)
        if row is None:
            return Settled(accepted=False)
        contacts.lock(connection, row.contact_id)
        again = request.resend and not sends.was_sent_again(connection, send)
        verdict = sent_again(request.now) if again else given_up(request.now)
        if sends.settle(connection, send, verdict) and not again:
            # What did not go takes no room of a cap.
            deferrals.wake(connection, row.contact_id, request.now)
        row = sends.get(connection, send) or row
    # Asked a second time, it answers as the first.
    return Settled(accepted=row.state == "accepted", again=row.state == "retry")

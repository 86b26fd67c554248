"""Settling a mail in doubt for good."""

from uuid import UUID

from sqlalchemy import Engine

from schemas.activities import SettleRequest
from schemas.outcomes import Settled
from storage import sends


def settle(engine: Engine, request: SettleRequest) -> Settled:
    """Settle a mail in doubt: it went if SendGrid has told of it, else it counts as not sent.

    It is not sent again. Whoever was posting it is surely done (see POST_WITHIN in sending).
    """
    send = UUID(request.send)
    with engine.begin() as connection:
        sends.settle(connection, send, accepted=False, at=request.now)
        row = sends.get(connection, send)
    return Settled(accepted=row is not None and row.state == "accepted")

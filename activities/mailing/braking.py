"""Keeping mails back while a brake is on, and putting one on when SendGrid takes nothing."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from activities.mailing.sendgrid import SenderFault
from schemas.activities import SendRequest
from schemas.brakes import SENDGRID, Brake
from schemas.outcomes import Braked
from storage.sending import brakes, deferrals
from storage.sending.brakes import BrakeRow, Put
from storage.sending.deferrals import DeferralRow

ASKS_AGAIN = timedelta(days=1)
"""After which time a mail that is kept back asks again, if it was told nothing."""


class KeptBack(NamedTuple):
    """A mail that a brake keeps back: whose, and of which priority."""

    request: SendRequest
    contact_id: str
    priority: int


def keep_back(connection: Connection, mail: KeptBack, brake: BrakeRow) -> Braked:
    """Put a mail off until its brake is released; the brake must be locked."""
    request = mail.request
    row = DeferralRow(
        enrollment_id=UUID(request.row),
        step=request.step,
        occurrence=request.occurrence,
        contact_id=mail.contact_id,
        priority=mail.priority,
        due_at=request.due,
        since_at=request.now,
        until_at=request.now + ASKS_AGAIN,
        give_up_at=None,
        why=brake.words,
        brake=brake.id,
    )
    asks = deferrals.put_off(connection, row)
    return Braked(since=row.since_at, until=row.until_at, why=row.why, asks=asks, shows=True)


def brake_on(connection: Connection, fault: SenderFault, sender: str, at: datetime) -> Put:
    """Put the brake on that SendGrid's answer asks for, if it is not on already."""
    target = sender.lower() if fault.concerns == "sender" else ""
    brake = Brake(of=fault.concerns, target=target, who=SENDGRID, why=fault.words, at=at)
    return brakes.put(connection, brake)

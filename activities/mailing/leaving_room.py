"""Leaving room under a cap: a mail that had reserved it was skipped."""

from uuid import UUID

from sqlalchemy import Engine

from schemas.activities import RoomRequest
from storage import enrolled
from storage.people import contacts
from storage.sending import deferrals
from storage.sending.deferrals import MailId


def leave_room(engine: Engine, request: RoomRequest) -> None:
    """Leave a mail's room to others, and tell those that go after it; a repeat changes nothing."""
    mail = MailId(UUID(request.row), request.step, request.occurrence)
    with engine.begin() as connection:
        contacts.lock(connection, enrolled.get(connection, mail.row).contact_id)
        deferrals.leave(connection, mail, request.now)

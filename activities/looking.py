"""Answering what conditions ask of the database."""

from uuid import UUID

from sqlalchemy import Engine

from activities.counting import counted
from schemas.activities import LookRequest
from schemas.outcomes import Looked
from storage import enrolled


def look_up(engine: Engine, request: LookRequest) -> Looked:
    """Count what the questions ask for, up to and with now; LookupError without the enrollment."""
    with engine.connect() as connection:
        row = enrolled.get(connection, UUID(request.row))
        counts = counted(connection, row.contact_id, row.zone, request.questions, request.now)
    return Looked(counts=counts)

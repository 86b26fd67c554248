"""Answering what conditions ask of the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from activities.zones import UNIVERSAL, zone_table
from schemas.activities import LookRequest
from schemas.conditions import Count
from schemas.outcomes import Looked
from storage import enrolled, events
from storage.rows import EnrollmentRow
from workflows.calendar import earlier


def look_up(engine: Engine, request: LookRequest) -> Looked:
    """Count what the questions ask for, up to and with now; LookupError without the enrollment."""
    with engine.connect() as connection:
        row = enrolled.get(connection, UUID(request.row))
        return Looked(
            counts={
                question.mark: _count(connection, row, question, request.now)
                for question in request.questions
            }
        )


def _count(connection: Connection, row: EnrollmentRow, question: Count, now: datetime) -> int:
    after = None
    if question.last is not None:
        after = earlier(now, question.last, zone_table(row.zone, UNIVERSAL, now))
    return events.count(connection, row.contact_id, question.event, after, now)

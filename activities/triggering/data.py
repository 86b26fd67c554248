"""What an enrollment was given by a trigger changes: told to it, on record once."""

import json
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from activities.triggering.standing import Standing
from schemas.events import DataChanged
from schemas.values import Facts
from storage import deliveries, enrolled, events
from storage.events import DATA_CHANGED, NewEvent
from storage.rows import EnrollmentRow


class Told(NamedTuple):
    """When a change came, and what names it."""

    at: datetime
    mark: str


def tell_data(
    connection: Connection, standing: Standing, contact_id: str, facts: Facts, by: Told
) -> None:
    """Tell what a contact's attributes say now to the enrollments that a trigger made of them."""
    if not facts:
        return
    for live in enrolled.live_of(connection, contact_id):
        if live.sequence == standing.sequence.name:
            row = enrolled.get(connection, live.id)
            if row.source == standing.source:
                tell_one(connection, row, facts, by)


def tell_one(connection: Connection, row: EnrollmentRow, facts: Facts, by: Told) -> None:
    """Tell one enrollment, once, that what it was given has new values; None takes one away."""
    parts = [DATA_CHANGED, row.workflow_id, row.run_id, by.mark]
    new = NewEvent(
        source="api",
        natural_key=sha256(json.dumps(parts).encode()).hexdigest(),
        kind=DATA_CHANGED,
        contact_id=row.contact_id,
        enrollment_id=row.id,
        at=by.at,
        fields={"data": facts, "run": row.run_id},
    )
    if events.record(connection, new) is not None:
        told = DataChanged(id=new.mark, at=by.at, facts=facts)
        deliveries.enqueue(connection, row.workflow_id, told)

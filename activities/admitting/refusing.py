"""Putting on record that a start was refused, and why."""

from sqlalchemy import Connection

from activities.admitting import pacing
from schemas.activities import BeginRequest
from schemas.outcomes import Refused
from storage.entering import refusals
from storage.entering.refusals import Refusal


def put_down_refusal(connection: Connection, refused: Refused, request: BeginRequest) -> None:
    """Record it, and give back the place that the start had."""
    pacing.refused(connection, request)
    start = request.start
    refusals.record(
        connection,
        Refusal(
            workflow_id=request.workflow_id,
            run_id=request.run_id,
            sequence=start.sequence,
            contact_id=start.contact,
            key=start.key,
            source=start.source,
            reason=refused.reason,
            message=refused.message,
            at=start.at or request.now,
        ),
    )

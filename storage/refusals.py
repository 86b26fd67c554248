"""Enrollments that were refused: they have no row of their own, and are counted here."""

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Value
from storage.tables import refusals


class Refusal(Value):
    """A run that did not begin; `reason` as in `schemas.outcomes.Refused`."""

    workflow_id: str
    run_id: str
    sequence: str
    contact_id: str
    key: str | None = None
    source: str
    reason: str
    at: datetime


def record(connection: Connection, refusal: Refusal) -> bool:
    """Record a refusal once per run, and tell whether it is a new one."""
    recorded = insert(refusals).values(**refusal.model_dump()).on_conflict_do_nothing()
    return connection.scalar(recorded.returning(refusals.c.id)) is not None

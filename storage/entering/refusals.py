"""Enrollments that were refused: they have no row of their own, and are counted here."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Value
from storage.rows import Instant, shaped
from storage.schema.tables import refusals


class Refusal(Value):
    """A run that did not begin; `reason` and `message` as in `schemas.outcomes.Refused`.

    Refusals of before messages were kept have none.
    """

    workflow_id: str
    run_id: str
    sequence: str
    contact_id: str
    key: str | None = None
    source: str
    reason: str
    message: str | None = None
    at: Instant


def record(connection: Connection, refusal: Refusal) -> bool:
    """Record a refusal once per run, and tell whether it is a new one."""
    recorded = insert(refusals).values(**refusal.model_dump()).on_conflict_do_nothing()
    return connection.scalar(recorded.returning(refusals.c.id)) is not None


def of_contact(
    connection: Connection, contact_id: str, sequence: str, *, limit: int = 20
) -> list[Refusal]:
    """List a contact's refusals by a sequence, for all keys, the latest first."""
    found = (
        select(refusals)
        .where(refusals.c.contact_id == contact_id, refusals.c.sequence == sequence)
        .order_by(refusals.c.at.desc(), refusals.c.wall.desc())
        .limit(limit)
    )
    return [shaped(Refusal, row) for row in connection.execute(found).mappings()]

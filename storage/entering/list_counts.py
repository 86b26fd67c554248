"""How many of a list's rows stand where, and what became of those that were started."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, Connection, case, func, select

from schemas.values import Value
from storage.entering.lists import Item
from storage.schema.list_tables import list_rows
from storage.schema.tables import enrollments, refusals


class Counts(Value):
    """Rows by where they stand; `reasons` counts the refused ones by the reason."""

    waiting: int = 0
    started: int = 0
    refused: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All of them."""
        return self.waiting + self.started + self.refused

    @property
    def done(self) -> int:
        """Those that nobody waits for."""
        return self.started + self.refused


def counts(connection: Connection, list_id: UUID) -> Counts:
    """Count a list's rows as they stand."""
    found = (
        select(list_rows.c.state, list_rows.c.reason, func.count())
        .where(list_rows.c.list_id == list_id)
        .group_by(list_rows.c.state, list_rows.c.reason)
    )
    rows = connection.execute(found).all()
    by_state: dict[str, int] = {}
    for state, _, count in rows:
        by_state[state] = by_state.get(state, 0) + count
    return Counts(
        waiting=by_state.get("waiting", 0) + by_state.get("starting", 0),
        started=by_state.get("started", 0),
        refused=by_state.get("refused", 0),
        reasons={reason: count for state, reason, count in rows if state == "refused"},
    )


def answered(connection: Connection, list_id: UUID) -> Counts:
    """Count what became of the rows that were started: let in, refused with the reason, neither.

    Here `started` are those that are on record as enrollments, `waiting` those that no worker has
    looked at so far.
    """
    reason = case((enrollments.c.id.is_not(None), None), else_=refusals.c.reason)
    is_let_in = enrollments.c.id.is_not(None)
    found = (
        select(is_let_in, reason, func.count())
        .select_from(list_rows)
        .outerjoin(enrollments, _same_run(enrollments.c.run_id, enrollments.c.contact_id))
        .outerjoin(refusals, _same_run(refusals.c.run_id, refusals.c.contact_id))
        .where(list_rows.c.list_id == list_id, list_rows.c.state == "started")
        .group_by(is_let_in, reason)
    )
    rows = connection.execute(found).all()
    reasons = {why: count for let_in, why, count in rows if not let_in and why is not None}
    return Counts(
        started=sum(count for let_in, _, count in rows if let_in),
        waiting=sum(count for let_in, why, count in rows if not let_in and why is None),
        refused=sum(reasons.values()),
        reasons=reasons,
    )


def _same_run(run_id: ColumnElement[str], contact_id: ColumnElement[str]) -> ColumnElement[bool]:
    return (run_id == list_rows.c.run_id) & (contact_id == list_rows.c.contact_id)


def run_of(connection: Connection, item: Item, source: str) -> str | None:
    """Give the run, on record already, that a list began for a row of it."""
    for table in (enrollments, refusals):
        key = table.c.key.is_not_distinct_from(item.key)
        mine = table.c.source == source
        found = select(table.c.run_id).where(table.c.contact_id == item.contact_id, key, mine)
        run: str | None = connection.scalar(found)
        if run is not None:
            return run
    return None

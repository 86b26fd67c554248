"""Wishes to enroll somebody: a repeat is the same wish, and of two the higher id is the newer."""

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Value
from storage.rows import shaped
from storage.schema.wish_tables import wishes


class Wish(Value):
    """A wish for an enrollment of a workflow id; it is met by the run `run_id`, if there is one."""

    id: int
    workflow_id: str
    request: str | None = None
    run_id: str | None = None


def make(connection: Connection, workflow_id: str, request: str | None = None) -> Wish:
    """Put a wish on record, or give the one that was made under the same request."""
    made = insert(wishes).values(workflow_id=workflow_id, request=request)
    new = connection.execute(made.on_conflict_do_nothing().returning(wishes)).mappings().first()
    if new is not None:
        return shaped(Wish, new)
    own = select(wishes).where(wishes.c.workflow_id == workflow_id, wishes.c.request == request)
    return shaped(Wish, connection.execute(own).mappings().one())


def meet(connection: Connection, wish: int, run_id: str) -> None:
    """Put down which run a wish was met by."""
    met = update(wishes).where(wishes.c.id == wish, wishes.c.run_id.is_(None))
    connection.execute(met.values(run_id=run_id))

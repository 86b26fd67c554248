"""Deliveries: signals committed with what they tell, to be brought to Temporal afterwards."""

from collections.abc import Collection
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    Interval,
    RowMapping,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)

from schemas.events import Event
from schemas.values import Value
from storage.schema.outgoing_tables import deliveries

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)

_UNDELIVERED = deliveries.c.delivered_wall.is_(None) & deliveries.c.gone_wall.is_(None)


def _is_due(due: ColumnElement[datetime]) -> ColumnElement[bool]:
    return due.is_(None) | (due <= func.now())


_earlier = deliveries.alias("earlier")
# Somebody may be bringing it, and it may fail: a resume must never overtake its pause.
_COMES_AFTER_ANOTHER = exists().where(
    _earlier.c.workflow_id == deliveries.c.workflow_id,
    _earlier.c.id < deliveries.c.id,
    _earlier.c.delivered_wall.is_(None),
    _earlier.c.gone_wall.is_(None),
    _is_due(_earlier.c.due_wall),
)


class Delivery(Value):
    """A signal on its way to a workflow."""

    id: int
    workflow_id: str
    event: Event
    attempts: int


def enqueue(connection: Connection, workflow_id: str, event: Event) -> int:
    """Lay out a signal, which is brought once this is committed; give its id."""
    laid_out = insert(deliveries).values(
        workflow_id=workflow_id, signal=event.kind, payload=_EVENT.dump_python(event, mode="json")
    )
    made: int = connection.execute(laid_out.returning(deliveries.c.id)).scalar_one()
    return made


def enqueue_all(connection: Connection, told: Collection[tuple[str, Event]]) -> None:
    """Lay out many signals at once, each with the workflow that it goes to."""
    rows = [
        {
            "workflow_id": workflow_id,
            "signal": event.kind,
            "payload": _EVENT.dump_python(event, mode="json"),
        }
        for workflow_id, event in told
    ]
    if rows:
        connection.execute(insert(deliveries), rows)


def enqueue_paced(connection: Connection, told: Collection[tuple[str, Event, timedelta]]) -> None:
    """Lay out many signals, each to be brought after its own time by the wall clock.

    One that is not due yet lets others of its workflow go before it.
    """
    rows = [
        {
            "workflow_id": workflow_id,
            "signal": event.kind,
            "payload": _EVENT.dump_python(event, mode="json"),
            "after": after,
        }
        for workflow_id, event, after in told
    ]
    due = func.now() + bindparam("after", type_=Interval)
    if rows:
        connection.execute(insert(deliveries).values(due_wall=due), rows)


def undelivered(
    connection: Connection, limit: int = 100, *, older_than: timedelta = timedelta()
) -> list[Delivery]:
    """Take signals to bring, nobody else's till the commit: the least tried, then the oldest first.

    Of one workflow's only the oldest is taken, so that they arrive in their order, one after
    another. `older_than` is by the wall clock.
    """
    found = (
        select(deliveries)
        .where(
            _UNDELIVERED,
            _is_due(deliveries.c.due_wall),
            ~_COMES_AFTER_ANOTHER,
            deliveries.c.created_wall <= func.now() - older_than,
        )
        .order_by(deliveries.c.attempts, deliveries.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_delivery(row) for row in connection.execute(found).mappings()]


def delivered(connection: Connection, ids: Collection[int]) -> None:
    """Record that signals were brought."""
    _record(connection, deliveries.c.id.in_(ids), delivered_wall=func.now(), last_error=None)


def failed(connection: Connection, delivery: int, why: str) -> None:
    """Record that a signal could not be brought this time."""
    _record(connection, deliveries.c.id == delivery, last_error=why)


def gone(connection: Connection, delivery: int, why: str) -> None:
    """Put a signal aside for good: its workflow is closed."""
    _record(connection, deliveries.c.id == delivery, gone_wall=func.now(), last_error=why)


def waiting(connection: Connection) -> int:
    """Count the signals still to be brought."""
    return connection.scalars(select(func.count()).where(_UNDELIVERED)).one()


def _record(connection: Connection, which: ColumnElement[bool], **values: object) -> None:
    connection.execute(
        update(deliveries)
        .where(which, _UNDELIVERED)
        .values(attempts=deliveries.c.attempts + 1, **values)
    )


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        id=row["id"],
        workflow_id=row["workflow_id"],
        event=_EVENT.validate_python(row["payload"]),
        attempts=row["attempts"],
    )

"""Lists of people to enroll: kept row by row, so that nobody is started twice or forgotten."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Facts, Value
from storage.rows import Instant, shaped, shaped_or_none
from storage.schema.list_tables import list_rows, lists

RowState = Literal["waiting", "starting", "started", "refused"]
"""Where a row stands; `starting` is one that may have been started, and nobody has heard."""

# As the index of these rows has it, letter by letter: with parameters it would not be used.
_OPEN = text("list_rows.state IN ('waiting', 'starting')")


class NewList(Value):
    """A list to be kept: `fingerprint` tells it from another, `terms` are those of all its rows."""

    fingerprint: str
    sequence: str
    name: str
    by: str
    terms: Facts


class ListRow(NewList):
    """A list as it is kept."""

    id: UUID
    attempt: int
    created_wall: Instant
    uploaded_wall: Instant | None = None
    stopped_wall: Instant | None = None
    finished_wall: Instant | None = None


class Item(Value):
    """A row of a list: whom to enroll, per what, with what; a refused one only says why."""

    line: int
    contact_id: str | None = None
    key: str | None = None
    data: Facts = Field(default_factory=dict)
    state: RowState = "waiting"
    reason: str | None = None
    run_id: str | None = None


def create(connection: Connection, new: NewList) -> ListRow:
    """Keep a new list, without rows so far."""
    made = insert(lists).values(**new.model_dump(mode="json")).returning(lists)
    return shaped(ListRow, connection.execute(made).mappings().one())


def get(connection: Connection, list_id: UUID) -> ListRow | None:
    """Give a list."""
    found = connection.execute(select(lists).where(lists.c.id == list_id)).mappings().first()
    return shaped_or_none(ListRow, found)


def latest(connection: Connection, fingerprint: str) -> ListRow | None:
    """Give the latest list of this fingerprint."""
    found = (
        select(lists)
        .where(lists.c.fingerprint == fingerprint)
        .order_by(lists.c.created_wall.desc())
        .limit(1)
    )
    return shaped_or_none(ListRow, connection.execute(found).mappings().first())


def newest(connection: Connection, limit: int) -> list[ListRow]:
    """Give lists, the newest first."""
    found = select(lists).order_by(lists.c.created_wall.desc()).limit(limit)
    return [shaped(ListRow, row) for row in connection.execute(found).mappings()]


def put(connection: Connection, list_id: UUID, items: Iterable[Item]) -> None:
    """Add rows; one whose line is there already stays as it is."""
    rows = [{"list_id": list_id, **item.model_dump()} for item in items]
    if rows:
        connection.execute(insert(list_rows).on_conflict_do_nothing(), rows)


def last_line(connection: Connection, list_id: UUID) -> int:
    """Give the line up to which rows are there; 0 if there are none."""
    found = select(func.max(list_rows.c.line)).where(list_rows.c.list_id == list_id)
    return connection.scalar(found) or 0


def note(connection: Connection, list_id: UUID, **walls: datetime | None) -> None:
    """Put down that a list is uploaded, stopped or finished, or, with None, that it is not."""
    connection.execute(update(lists).where(lists.c.id == list_id).values(**walls))


def stop(connection: Connection, list_id: UUID, at: datetime) -> bool:
    """Stop a list that is not finished, and tell whether it went on before."""
    stopped = (
        update(lists)
        .where(lists.c.id == list_id, lists.c.finished_wall.is_(None))
        .values(stopped_wall=func.coalesce(lists.c.stopped_wall, at))
    )
    return connection.execute(stopped).rowcount > 0


def begin_attempt(connection: Connection, list_id: UUID) -> ListRow | None:
    """Take a list over: whoever worked on it before gets no further rows."""
    taken = (
        update(lists)
        .where(lists.c.id == list_id)
        .values(attempt=lists.c.attempt + 1)
        .returning(lists)
    )
    return shaped_or_none(ListRow, connection.execute(taken).mappings().first())


def claim(connection: Connection, taken: ListRow, *, after: int, limit: int) -> list[Item]:
    """Take the next rows after a line that wait; none once the list is stopped or taken over."""
    found = select(lists).where(lists.c.id == taken.id).with_for_update()
    now = shaped(ListRow, connection.execute(found).mappings().one())
    if now.attempt != taken.attempt or now.stopped_wall is not None:
        return []
    waiting = (
        select(list_rows.c.line)
        .where(
            list_rows.c.list_id == taken.id,
            list_rows.c.line > after,
            list_rows.c.state == "waiting",
            _OPEN,
        )
        .order_by(list_rows.c.line)
        .limit(limit)
        .scalar_subquery()
    )
    claimed = (
        update(list_rows)
        .where(list_rows.c.list_id == taken.id, list_rows.c.line.in_(waiting))
        .values(state="starting")
        .returning(list_rows)
    )
    items = [shaped(Item, row) for row in connection.execute(claimed).mappings()]
    return sorted(items, key=lambda item: item.line)


def unsure(connection: Connection, list_id: UUID) -> list[Item]:
    """Give the rows of which nobody has heard whether they were started."""
    found = (
        select(list_rows)
        .where(list_rows.c.list_id == list_id, _OPEN, list_rows.c.state == "starting")
        .order_by(list_rows.c.line)
    )
    return [shaped(Item, row) for row in connection.execute(found).mappings()]


def mark(connection: Connection, list_id: UUID, items: Collection[Item]) -> None:
    """Put down what became of rows."""
    if not items:
        return
    marked = (
        update(list_rows)
        .where(list_rows.c.list_id == list_id, list_rows.c.line == bindparam("at"))
        .values(state=bindparam("is"), reason=bindparam("why"), run_id=bindparam("run"))
    )
    rows = [{"at": i.line, "is": i.state, "why": i.reason, "run": i.run_id} for i in items]
    connection.execute(marked, rows)

"""Events, recorded many at once."""

from collections.abc import Sequence
from functools import cache
from uuid import uuid4

from sqlalchemy import ARRAY, Connection, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from storage.events import NewEvent, writable
from storage.schema.tables import events

_GIVEN = tuple(NewEvent.model_fields)


def record_all(connection: Connection, new: Sequence[NewEvent]) -> frozenset[str]:
    """Record many events in one go, in their order, and give the natural keys of the new ones.

    Of two with one key in common the first is recorded.
    """
    if not new:
        return frozenset()
    given: dict[str, object] = {name: [getattr(one, name) for one in new] for name in _GIVEN}
    given |= {"id": [uuid4() for _ in new], "fields": [writable(one.fields) for one in new]}
    return frozenset(connection.scalars(_entries(), given))


# One array a column: a statement that grew with the batch would cost more than the rest of it.
@cache
def _entries() -> ReturningInsert[tuple[str]]:
    names = ("id", *_GIVEN)
    types = {name: events.c[name].type for name in names}
    arrays = (bindparam(name, type_=ARRAY(kind)) for name, kind in types.items())
    shape = (column(name, kind) for name, kind in types.items())
    rows = func.unnest(*arrays).table_valued(*shape, name="given").render_derived()
    entry = insert(events).from_select(names, select(*rows.c))
    return entry.on_conflict_do_nothing().returning(events.c.natural_key)

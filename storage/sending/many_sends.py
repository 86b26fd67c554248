"""Sends, many at once: found by what SendGrid names them, and what came back of them noted."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple, get_args
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Connection,
    DateTime,
    Executable,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from storage.rows import SendRow, shaped
from storage.schema.tables import sends
from storage.sending.sends import COLUMN_BY_FACT, Fact

_FACTS: tuple[Fact, ...] = get_args(Fact)


def by_ids(connection: Connection, ids: Collection[UUID]) -> dict[UUID, SendRow]:
    """Give some sends by their ids."""
    if not ids:
        return {}
    found = select(sends).where(sends.c.id == func.any(literal(list(ids), ARRAY(Uuid))))
    rows = (shaped(SendRow, row) for row in connection.execute(found).mappings())
    return {row.id: row for row in rows}


def by_provider_ids(connection: Connection, ids: Collection[str]) -> dict[str | None, SendRow]:
    """Give the sends that SendGrid answered with these, each by its X-Message-Id."""
    if not ids:
        return {}
    found = select(sends).where(sends.c.provider_id == func.any(literal(list(ids), ARRAY(Text))))
    rows = (shaped(SendRow, row) for row in connection.execute(found).mappings())
    return {row.provider_id: row for row in rows}


class Noted(NamedTuple):
    """Something that came back about a mail, and when."""

    send: UUID
    fact: Fact
    at: datetime


def note_all(connection: Connection, noted: Iterable[Noted]) -> None:
    """Note many at once, each as `note` does; their contacts must be locked."""
    earliest: dict[UUID, dict[Fact, datetime]] = {}
    for send, fact, at in noted:
        known = earliest.setdefault(send, {})
        known[fact] = min(at, known.get(fact, at))
    if earliest:
        columns: dict[str, object] = {
            COLUMN_BY_FACT[fact]: [known.get(fact) for known in earliest.values()]
            for fact in _FACTS
        }
        connection.execute(_noted(), {"ids": list(earliest), **columns})


@cache
def _noted() -> Executable:
    shape = [column(COLUMN_BY_FACT[fact], DateTime(timezone=True)) for fact in _FACTS]
    came = func.unnest(
        bindparam("ids", type_=ARRAY(Uuid)),
        *(bindparam(COLUMN_BY_FACT[fact], type_=ARRAY(DateTime(timezone=True))) for fact in _FACTS),
    ).table_valued(column("id", Uuid), *shape, name="came")
    came = came.render_derived()
    names = [COLUMN_BY_FACT[fact] for fact in _FACTS]
    is_news = (came.c[name] < func.coalesce(sends.c[name], text("'infinity'")) for name in names)
    return (
        update(sends)
        .where(sends.c.id == came.c.id, or_(*is_news))
        .values({name: func.least(sends.c[name], came.c[name]) for name in names})
    )

"""Turns on record: who has a contact in a group of sequences, who waits, and who did (rule 28).

Whoever changes one has locked the contact first.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, insert, select, true, update

from schemas.turns import Contender, TurnState
from schemas.values import Value
from storage.rows import Instant, shaped, shaped_or_none
from storage.schema.tables import contacts
from storage.schema.turn_tables import turns


class NewContender(Value):
    """An enrollment, or one that would be, that asks for its contact's turn in its group."""

    exclusive: str
    contact_id: str
    workflow_id: str
    run_id: str | None
    sequence: str
    key: str | None = None
    priority: int = 0
    on_lost: Literal["wait", "exit"] = "wait"
    state: TurnState = "waits"
    asked_at: datetime
    until_at: datetime | None = None
    enrollment_id: UUID | None = None
    why: str = ""


def standing(connection: Connection, exclusive: str, contact_id: str) -> list[Contender]:
    """Give who has a contact's turn in a group or waits for it, in the order in which they came."""
    found = (
        select(turns)
        .where(
            turns.c.exclusive == exclusive,
            turns.c.contact_id == contact_id,
            turns.c.state != "over",
        )
        .order_by(turns.c.id)
    )
    return [shaped(Contender, row) for row in connection.execute(found).mappings()]


def of_run(connection: Connection, workflow_id: str, run_id: str) -> Contender | None:
    """Give what a run of a workflow asked for, over or not."""
    return _first(connection, turns.c.workflow_id == workflow_id, turns.c.run_id == run_id)


def of_enrollment(connection: Connection, row: UUID) -> Contender | None:
    """Give the turn of an enrollment, over or not; None if it shares its contact with nobody."""
    return _first(connection, turns.c.enrollment_id == row)


def not_begun(connection: Connection, workflow_id: str) -> list[Contender]:
    """Give what runs of a workflow that have not begun yet have or wait for, the latest first."""
    found = (
        select(turns)
        .where(
            turns.c.workflow_id == workflow_id,
            turns.c.state != "over",
            turns.c.enrollment_id.is_(None),
        )
        .order_by(turns.c.id.desc())
    )
    return [shaped(Contender, row) for row in connection.execute(found).mappings()]


def waiting_to_begin(connection: Connection, contact_id: str, sequence: str) -> list[Contender]:
    """Give who waits for a contact's turn to begin in a sequence, in the order of asking."""
    found = (
        select(turns)
        .where(
            turns.c.contact_id == contact_id,
            turns.c.sequence == sequence,
            turns.c.state == "waits",
            turns.c.enrollment_id.is_(None),
        )
        .order_by(turns.c.id)
    )
    return [shaped(Contender, row) for row in connection.execute(found).mappings()]


class Newcomer(Value):
    """Somebody who waits for a contact's turn to begin: who, where, until when at most, and why."""

    workflow_id: str
    email: str
    sequence: str
    key: str | None = None
    exclusive: str
    asked_at: Instant
    until_at: Instant | None = None
    why: str


def newcomers(
    connection: Connection,
    sequence: str | None = None,
    *,
    contact_id: str | None = None,
    limit: int = 100,
) -> list[Newcomer]:
    """List who waits for a turn to begin, whoever asked first in front."""
    asked = (turns.c[name] for name in Newcomer.model_fields if name != "email")
    found = (
        select(*asked, contacts.c.email)
        .join_from(turns, contacts, contacts.c.id == turns.c.contact_id)
        .where(*_to_begin(sequence))
        .where(true() if contact_id is None else turns.c.contact_id == contact_id)
        .order_by(turns.c.id)
        .limit(limit)
    )
    return [shaped(Newcomer, row) for row in connection.execute(found).mappings()]


def count_newcomers(connection: Connection, sequence: str | None = None) -> int:
    """Count who waits for a turn to begin, in one sequence or in all."""
    counted = select(func.count()).select_from(turns).where(*_to_begin(sequence))
    return connection.execute(counted).scalar_one()


def _to_begin(sequence: str | None) -> tuple[ColumnElement[bool], ...]:
    named = true() if sequence is None else turns.c.sequence == sequence
    return turns.c.state == "waits", turns.c.enrollment_id.is_(None), named


def holders(connection: Connection, contact_id: str) -> dict[str, Contender]:
    """Give who has a contact's turn, by the groups."""
    found = select(turns).where(turns.c.contact_id == contact_id, turns.c.state == "holds")
    rows = [shaped(Contender, row) for row in connection.execute(found).mappings()]
    return {one.exclusive: one for one in rows}


def standing_of(connection: Connection, ids: Collection[int]) -> list[Contender]:
    """Give who of these has a turn or waits for it, begun or not."""
    found = select(turns).where(turns.c.id.in_(ids), turns.c.state != "over")
    return [shaped(Contender, row) for row in connection.execute(found).mappings()]


def ask(connection: Connection, new: NewContender) -> Contender:
    """Put on record who asks, and whether they have it at once; they were not there before."""
    given = {**new.model_dump(), "since_at": new.asked_at, "changes": 0}
    row = connection.execute(insert(turns).values(**given).returning(turns)).mappings().one()
    return shaped(Contender, row)


def change(
    connection: Connection, one: Contender, state: Literal["holds", "waits"], at: datetime, why: str
) -> Contender:
    """Give somebody the turn, or take it away for a while."""
    return _changed(connection, one, state=state, since_at=at, why=why)


def end(
    connection: Connection, one: Contender, ended_as: str, at: datetime, why: str | None = None
) -> Contender:
    """Let somebody neither have the turn nor wait for it any more; the record stays."""
    why = one.why if why is None else why
    return _changed(connection, one, state="over", since_at=at, ended_as=ended_as, why=why)


def begun(connection: Connection, one: Contender, row: UUID) -> None:
    """Put down that the enrollment of who has the turn has begun."""
    began = update(turns).where(turns.c.id == one.id)
    connection.execute(began.values(enrollment_id=row, until_at=None))


def _changed(connection: Connection, one: Contender, **values: object) -> Contender:
    changed = (
        update(turns)
        .where(turns.c.id == one.id)
        .values(changes=turns.c.changes + 1, **values)
        .returning(turns)
    )
    return shaped(Contender, connection.execute(changed).mappings().one())


def _first(connection: Connection, *rules: ColumnElement[bool]) -> Contender | None:
    found = connection.execute(select(turns).where(*rules)).mappings().first()
    return shaped_or_none(Contender, found)

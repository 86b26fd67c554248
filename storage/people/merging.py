"""Two contacts found to be one: all that is on record of the other becomes the kept one's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    delete,
    exists,
    func,
    select,
    update,
)

from schemas.contact import Contact
from schemas.values import Value
from storage.people import contacts, identities
from storage.people.identities import Recognised
from storage.rows import Instant, shaped
from storage.schema.cap_tables import deferrals
from storage.schema.list_tables import list_rows
from storage.schema.outgoing_tables import notices
from storage.schema.pace_tables import places
from storage.schema.tables import enrollments, events, refusals, sends, tasks
from storage.schema.trigger_tables import appointments, records, starts
from storage.schema.turn_tables import turns

HOLDING: tuple[Table, ...] = (
    *(enrollments, sends, events, tasks, notices, refusals),
    *(deferrals, list_rows, places, appointments, records, starts, turns),
)
"""The tables that say by `contact_id` whose a row is."""


class Standing(Value):
    """A live enrollment of one of two contacts, and how many mails of it went or may have gone."""

    id: UUID
    workflow_id: str
    contact_id: str
    sequence: str
    version: str
    key: str | None = None
    enrolled_at: Instant
    mails: int


def live_of_both(connection: Connection, kept: str, other: str) -> list[Standing]:
    """Give the live enrollments of two contacts, who are locked."""
    mails = (
        select(func.count())
        .where(sends.c.enrollment_id == enrollments.c.id, _may_have_gone())
        .scalar_subquery()
    )
    found = (
        select(enrollments, mails.label("mails"))
        .where(enrollments.c.contact_id.in_((kept, other)), enrollments.c.ended_at.is_(None))
        .order_by(enrollments.c.id)
    )
    return [shaped(Standing, row) for row in connection.execute(found).mappings()]


def happened_since(connection: Connection, contact_id: str, since: datetime) -> list[Recognised]:
    """Give a contact's replies and what the app reported of it from a moment on, in order."""
    found = (
        select(events)
        .where(
            events.c.contact_id == contact_id,
            events.c.kind.in_(("event", "reply")),
            events.c.at >= since,
        )
        .order_by(events.c.at, events.c.natural_key)
    )
    return [shaped(Recognised, row) for row in connection.execute(found).mappings()]


def move(connection: Connection, other: Contact, into: str, by: str, at: datetime) -> None:
    """Make all of `other` that of the contact `into`, which keeps its names; both are locked.

    Of one sequence and key only one of the two may have a live enrollment.
    """
    identities.keep_former(connection, other, into, by, at)
    for table in HOLDING:
        _give_way(connection, table, other.id, into)
        owned = update(table).where(table.c.contact_id == other.id)
        connection.execute(owned.values(contact_id=into))
    contacts.remove(connection, other.id)


def _give_way(connection: Connection, table: Table, other: str, into: str) -> None:
    """Remove what `other` has of which the kept contact has its own: that wins."""
    kept = table.alias("kept")
    for constraint in table.constraints:
        if not isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint):
            continue
        names = {column.name for column in constraint.columns}
        if "contact_id" in names:
            same = [kept.c[name] == table.c[name] for name in names - {"contact_id"}]
            twin = exists().where(kept.c.contact_id == into, *same)
            connection.execute(delete(table).where(table.c.contact_id == other, twin))


def _may_have_gone() -> ColumnElement[bool]:
    return sends.c.state.in_(("accepted", "in_doubt", "claimed"))

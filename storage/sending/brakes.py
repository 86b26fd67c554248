"""Brakes: rows that each claim reads, so that one takes effect at once for everybody."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from schemas.brakes import WHOLE, Brake, Concern
from storage.rows import Instant, shaped, shaped_or_none
from storage.schema.brake_tables import brakes
from storage.schema.cap_tables import deferrals
from storage.schema.tables import contacts, enrollments, sends

_STANDS = brakes.c.released_wall.is_(None)


class BrakeRow(Brake):
    """A brake on record."""

    id: int
    at: Instant


class Standing(BrakeRow):
    """A brake that stands, and how many mails wait for its release."""

    waiting: int


class Put(NamedTuple):
    """The brake that stands now, and whether it is a new one."""

    brake: BrakeRow
    new: bool


def put(connection: Connection, brake: Brake) -> Put:
    """Put a brake on; of one that stands already nothing changes."""
    entry = insert(brakes).values(**brake.model_dump()).on_conflict_do_nothing().returning(brakes)
    made = shaped_or_none(BrakeRow, connection.execute(entry).mappings().first())
    if made is not None:
        return Put(made, new=True)
    found = get(connection, brake.of, brake.target)
    return Put(found, new=False) if found else put(connection, brake)


def get(connection: Connection, of: Concern, target: str) -> BrakeRow | None:
    """Give the brake that stands, and let nobody release it till the commit."""
    found = select(brakes).where(brakes.c.of == of, brakes.c.target == target, _STANDS)
    rows = connection.execute(found.with_for_update(read=True)).mappings()
    return shaped_or_none(BrakeRow, rows.first())


def release(connection: Connection, of: Concern, target: str, who: str) -> BrakeRow | None:
    """Release a brake, and give it, if it stood; nobody waits for it from then on unseen."""
    released = (
        update(brakes)
        .where(brakes.c.of == of, brakes.c.target == target, _STANDS)
        .values(released_wall=func.now(), released_by=who)
        .returning(brakes)
    )
    return shaped_or_none(BrakeRow, connection.execute(released).mappings().first())


def move(connection: Connection, other: str, into: str, by: str) -> None:
    """Let a brake on one contact be on that which it was found to be; both must be locked.

    If a brake stands on each, the kept one's stays, and whoever waited for the other waits for it.
    """
    theirs = _taken(connection, other)
    if theirs is None:
        return
    kept = _taken(connection, into)
    if kept is None:
        moved = update(brakes).where(brakes.c.id == theirs.id).values(target=into)
        connection.execute(moved)
        return
    waiting = (deferrals.c.brake == theirs.id) & deferrals.c.over_at.is_(None)
    connection.execute(update(deferrals).where(waiting).values(brake=kept.id, why=kept.words))
    release(connection, "contact", other, by)


def standing(connection: Connection) -> list[Standing]:
    """Give the brakes that stand, the oldest first."""
    waiting = select(func.count()).where(
        deferrals.c.brake == brakes.c.id, deferrals.c.over_at.is_(None)
    )
    found = select(brakes, waiting.scalar_subquery().label("waiting")).where(_STANDS)
    rows = connection.execute(found.order_by(brakes.c.id)).mappings()
    return [shaped(Standing, row) for row in rows]


def none_for(sender: ColumnElement[str]) -> ColumnElement[bool]:
    """Ask, within a claim of an enrollment for its contact, that no brake concerns it."""
    return ~exists(_concerning(sender).correlate(enrollments, contacts))


def holding(connection: Connection, row: UUID, sender: str | None) -> BrakeRow | None:
    """Give the brake that keeps a mail of an enrollment back; it stands till the commit."""
    found = (
        select(brakes)
        .join_from(enrollments, contacts, contacts.c.id == enrollments.c.contact_id)
        .join(brakes, _concerns(literal(sender, Text)))
        .where(enrollments.c.id == row, _STANDS)
        .order_by(brakes.c.id)
        .limit(1)
        .with_for_update(read=True, of=brakes)
    )
    return shaped_or_none(BrakeRow, connection.execute(found).mappings().first())


def being_posted(connection: Connection) -> int:
    """Count the mails that are claimed and not known to be posted yet."""
    return connection.scalars(select(func.count()).where(sends.c.state == "claimed")).one()


def _taken(connection: Connection, contact: str) -> BrakeRow | None:
    """Give the brake on a contact, once whoever puts a mail off for it has committed."""
    found = select(brakes).where(brakes.c.of == "contact", brakes.c.target == contact, _STANDS)
    return shaped_or_none(BrakeRow, connection.execute(found.with_for_update()).mappings().first())


def _concerning(sender: ColumnElement[str]) -> Select[int]:
    return select(brakes.c.id).where(_STANDS, _concerns(sender))


def _concerns(sender: ColumnElement[str]) -> ColumnElement[bool]:
    of, target = brakes.c.of, brakes.c.target
    return or_(
        of.in_(WHOLE),
        (of == "sequence") & (target == enrollments.c.sequence),
        (of == "contact") & (target == contacts.c.id),
        (of == "domain") & (target == contacts.c.email_domain),
        (of == "sender") & (target == func.lower(sender)),
    )

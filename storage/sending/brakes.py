"""Brakes: rows that each claim reads, so that one takes effect at once for everybody."""

from typing import Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
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
from storage.schema.brake_tables import brakes, breakers, probes
from storage.schema.cap_tables import deferrals
from storage.schema.tables import contacts, enrollments, sends
from storage.sending.deferrals import MailId

_STANDS = brakes.c.released_wall.is_(None)


class BrakeRow(Brake):
    """A brake on record; `breaker` if it goes on and off by itself."""

    id: int
    at: Instant
    breaker: bool = False


class Standing(BrakeRow):
    """A brake that stands, and how many mails wait for its release.

    A breaker is `open` until `next_wall`, or being tried (`probing`).
    """

    waiting: int
    state: Literal["open", "probing"] | None = None
    next_wall: Instant | None = None


class Put(NamedTuple):
    """The brake that stands now, and whether it is a new one."""

    brake: BrakeRow
    new: bool


def put(connection: Connection, brake: Brake) -> Put:
    """Put a brake on; of one that stands already nothing changes.

    A breaker of the same concern is another brake.
    """
    made = enter(connection, brake)
    if made is not None:
        return Put(made, new=True)
    found = get(connection, brake.of, brake.target)
    return Put(found, new=False) if found else put(connection, brake)


def enter(connection: Connection, brake: Brake) -> BrakeRow | None:
    """Put a brake or a breaker on; None if it stands already, whoever is releasing it."""
    entry = insert(brakes).values(**brake.model_dump()).on_conflict_do_nothing().returning(brakes)
    return shaped_or_none(BrakeRow, connection.execute(entry).mappings().first())


def get(connection: Connection, of: Concern, target: str) -> BrakeRow | None:
    """Give the brake that stands, no breaker, and let nobody release it till the commit."""
    found = select(brakes).where(_is(of, target, breaker=False))
    rows = connection.execute(found.with_for_update(read=True)).mappings()
    return shaped_or_none(BrakeRow, rows.first())


def release(
    connection: Connection, of: Concern, target: str, who: str, *, breaker: bool = False
) -> BrakeRow | None:
    """Release a brake, and give it, if it stood; nobody waits for it from then on unseen."""
    released = (
        update(brakes)
        .where(_is(of, target, breaker=breaker))
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
    found = (
        select(
            *(brakes, waiting.scalar_subquery().label("waiting")),
            *(breakers.c.state, breakers.c.next_wall),
        )
        .join_from(brakes, breakers, breakers.c.brake == brakes.c.id, isouter=True)
        .where(_STANDS)
    )
    rows = connection.execute(found.order_by(brakes.c.id)).mappings()
    return [shaped(Standing, row) for row in rows]


def none_for(
    sender: ColumnElement[str], step: ColumnElement[str], occurrence: ColumnElement[int]
) -> ColumnElement[bool]:
    """Ask, within a claim of an enrollment for its contact, that no brake concerns its mail."""
    concerning = select(brakes.c.id).where(
        _STANDS, _concerns(sender), ~_is_tried_by(step, occurrence)
    )
    return ~exists(concerning.correlate(enrollments, contacts))


def holding(connection: Connection, mail: MailId, sender: str | None) -> BrakeRow | None:
    """Give the brake that keeps a mail back; it stands till the commit."""
    found = (
        select(brakes)
        .join_from(enrollments, contacts, contacts.c.id == enrollments.c.contact_id)
        .join(brakes, _concerns(literal(sender, Text)))
        .where(
            enrollments.c.id == mail.row,
            _STANDS,
            ~_is_tried_by(literal(mail.step), literal(mail.occurrence)),
        )
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


def _is(of: Concern, target: str, *, breaker: bool) -> ColumnElement[bool]:
    same = (brakes.c.of == of) & (brakes.c.target == target)
    return same & (brakes.c.breaker == literal(breaker)) & _STANDS


def _is_tried_by(step: ColumnElement[str], occurrence: ColumnElement[int]) -> ColumnElement[bool]:
    """Tell whether the mail is one of those that try a breaker."""
    trying = select(probes.c.brake).where(
        brakes.c.breaker,
        probes.c.brake == brakes.c.id,
        probes.c.enrollment_id == enrollments.c.id,
        probes.c.step == step,
        probes.c.occurrence == occurrence,
    )
    return exists(trying.correlate(brakes, enrollments))


def _concerns(sender: ColumnElement[str]) -> ColumnElement[bool]:
    of, target = brakes.c.of, brakes.c.target
    return or_(
        of.in_(WHOLE),
        (of == "sequence") & (target == enrollments.c.sequence),
        (of == "contact") & (target == contacts.c.id),
        (of == "domain") & (target == contacts.c.email_domain),
        (of == "sender") & (target == func.lower(sender)),
    )

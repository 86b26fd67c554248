"""Notices: what a sequence posts to others or tells an owner, committed first, brought later."""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import CTE, ColumnElement, Connection, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Facts, Value
from storage.rows import Instant, shaped
from storage.schema.outgoing_tables import notices
from storage.schema.tables import contacts, enrollments, events, sends

Kind = Literal["webhook", "owner_mail"]

LEASE = timedelta(minutes=2)
"""How long, by the wall clock, nobody else takes a notice that somebody has taken to bring."""

MAIL = "mail"
"""The endpoint of all notices that go by mail."""

_AT_ONCE = 5

_WAITING = notices.c.delivered_wall.is_(None) & notices.c.gone_wall.is_(None)
_DUE = and_(_WAITING, notices.c.due_wall <= func.now())
_ENDPOINT = func.coalesce(func.split_part(notices.c.payload["url"].astext, "/", 3), MAIL)


class NewNotice(Value):
    """Something to bring, once per `natural_key`; a webhook's payload holds its `url`."""

    natural_key: str
    kind: Kind
    enrollment_id: UUID | None = None
    contact_id: str | None = None
    at: Instant
    payload: Facts = Field(default_factory=dict)


class Notice(NewNotice):
    """A notice taken to be brought; `attempts` counts this one, `endpoint` is host and port."""

    id: int
    attempts: int
    endpoint: str


class ListedNotice(Value):
    """A notice in a list; without `delivered_wall` and `gone_wall` it is to be brought."""

    id: int
    natural_key: str
    kind: Kind
    endpoint: str
    contact_id: str | None = None
    email: str | None = None
    workflow_id: str | None = None
    at: Instant
    created_wall: Instant
    due_wall: Instant
    delivered_wall: Instant | None = None
    gone_wall: Instant | None = None
    attempts: int
    last_error: str | None = None


def lay_out(connection: Connection, new: NewNotice) -> int | None:
    """Lay a notice out, which is brought once this is committed; None if it is known already."""
    laid_out = (
        insert(notices)
        .values(**new.model_dump(), due_wall=func.now())
        .on_conflict_do_nothing()
        .returning(notices.c.id)
    )
    made: int | None = connection.scalar(laid_out)
    return made


def take(
    connection: Connection,
    limit: int,
    *,
    kinds: Collection[Kind] = ("webhook", "owner_mail"),
    busy: Collection[str] = (),
) -> list[Notice]:
    """Take due notices to bring, nobody else's for LEASE: of one endpoint five at most.

    None of an endpoint in `busy` is taken, so that one that hangs holds up only its own.
    """
    chosen = _chosen(and_(_DUE, notices.c.kind.in_(kinds), _ENDPOINT.not_in(busy)), limit)
    taken = (
        update(notices)
        .where(notices.c.id.in_(select(chosen.c.id)))
        .values(due_wall=func.now() + LEASE, attempts=notices.c.attempts + 1)
        .returning(notices, _ENDPOINT.label("endpoint"))
    )
    found = [shaped(Notice, row) for row in connection.execute(taken).mappings()]
    return sorted(found, key=lambda notice: notice.id)


def delivered(connection: Connection, notice: int) -> None:
    """Record that a notice was brought."""
    _record(connection, notice, delivered_wall=func.now(), last_error=None)


def failed(connection: Connection, notice: int, why: str, again: timedelta) -> None:
    """Record that a notice could not be brought, and is to be tried again after a while."""
    _record(connection, notice, due_wall=func.now() + again, last_error=why)


def gone(connection: Connection, notice: int, why: str) -> None:
    """Give a notice up, until a person asks for it to be tried again."""
    _record(connection, notice, gone_wall=func.now(), last_error=why)


def retry(connection: Connection, notice: int) -> bool:
    """Let a notice be tried again at once, as if it were new; False if it was brought."""
    asked = (
        update(notices)
        .where(notices.c.id == notice, notices.c.delivered_wall.is_(None))
        .values(gone_wall=None, due_wall=func.now(), attempts=0)
    )
    return connection.execute(asked).rowcount > 0


def waiting(connection: Connection) -> int:
    """Count the notices still to be brought."""
    return connection.scalars(select(func.count()).where(_WAITING)).one()


def listing(
    connection: Connection, *, undelivered: bool = False, limit: int = 100
) -> list[ListedNotice]:
    """List notices, the latest first: all of them, or what is to be brought or was given up."""
    shown = [column for column in notices.c if column.name not in ("payload", "raw")]
    found = (
        select(*shown, _ENDPOINT.label("endpoint"), contacts.c.email, enrollments.c.workflow_id)
        .join_from(notices, contacts, contacts.c.id == notices.c.contact_id, isouter=True)
        .join(enrollments, enrollments.c.id == notices.c.enrollment_id, isouter=True)
        .order_by(notices.c.id.desc())
        .limit(limit)
    )
    if undelivered:
        found = found.where(notices.c.delivered_wall.is_(None))
    return [shaped(ListedNotice, row) for row in connection.execute(found).mappings()]


def _chosen(due: ColumnElement[bool], limit: int) -> CTE:
    order = (notices.c.due_wall, notices.c.id)
    turn = func.row_number().over(partition_by=_ENDPOINT, order_by=order)
    ranked = select(notices.c.id, turn.label("turn")).where(due).subquery()
    # Asked once more of what is locked: another may have taken it since it was ranked.
    return (
        select(notices.c.id)
        .where(_DUE, notices.c.id.in_(select(ranked.c.id).where(ranked.c.turn <= _AT_ONCE)))
        .order_by(*order)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )


def _record(connection: Connection, notice: int, **values: object) -> None:
    which: ColumnElement[bool] = notices.c.id == notice
    connection.execute(update(notices).where(which, _WAITING).values(**values))


def kept_mail(connection: Connection, natural_key: str) -> bytes | None:
    """Give the bytes of a mail that came in; None if it is not on record, or not kept."""
    kept: bytes | None = connection.scalar(
        select(events.c.raw).where(events.c.natural_key == natural_key)
    )
    return kept


def last_send_of(connection: Connection, contact_id: str) -> UUID | None:
    """Give the mail that a contact was sent last."""
    last: UUID | None = connection.scalar(
        select(sends.c.id)
        .where(sends.c.contact_id == contact_id, sends.c.state == "accepted")
        .order_by(sends.c.claimed_at.desc())
        .limit(1)
    )
    return last

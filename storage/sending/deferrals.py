"""Mails that are over a cap: what room a contact has, who waits for it, and who is told of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    RowMapping,
    Select,
    bindparam,
    exists,
    func,
    null,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from schemas.events import Room
from schemas.values import Value
from storage import deliveries
from storage.rows import Instant, shaped
from storage.schema.cap_tables import deferrals
from storage.schema.tables import enrollments, sends

LASTS = deferrals.c.over_at.is_(None)
WAITS = LASTS & deferrals.c.brake.is_(None) & deferrals.c.lane.is_(None)

_WEEK = timedelta(days=7)
# What SendGrid is still being asked to take takes up room, too.
_TAKES_ROOM = ("claimed", "accepted", "in_doubt", "retry")


class MailId(NamedTuple):
    """One mail: an enrollment's step, at its occurrence."""

    row: UUID
    step: str
    occurrence: int


class DeferralRow(Value):
    """A mail that was put off; `over_at` is when it waited no longer, gone or not.

    What a `brake` keeps back waits for its release, and is not given up; what is over a rate has
    a `place` in a `lane`, and its moment there by the wall clock; what is `urgent` goes first.
    """

    enrollment_id: UUID
    step: str
    occurrence: int
    contact_id: str
    priority: int
    due_at: Instant
    since_at: Instant
    until_at: Instant
    give_up_at: Instant | None
    why: str
    asks: int = 1
    over_at: Instant | None = None
    brake: int | None = None
    lane: str | None = None
    place: int | None = None
    lane_wall: Instant | None = None
    urgent: bool = False

    @property
    def mail(self) -> MailId:
        """Name its mail."""
        return MailId(self.enrollment_id, self.step, self.occurrence)

    @property
    def rank(self) -> tuple[int, datetime, datetime]:
        """Give by what it goes before others: the lower goes first."""
        return -self.priority, self.due_at, self.since_at


class Traffic(NamedTuple):
    """When marketing mails went to a contact in the last week, and whether any wait for room."""

    gone: tuple[datetime, ...]
    some_wait: bool


def traffic_of(connection: Connection, contact_id: str, mail: MailId, at: datetime) -> Traffic:
    """Give a contact's traffic beside the mail itself; the contact must be locked."""
    given = {"the_contact": contact_id, "since": at - _WEEK, **_named(mail)}
    gone, waits = connection.execute(_traffic(), given).one()
    return Traffic(tuple(sorted(gone or ())), waits)


def waiting_of(connection: Connection, contact_id: str) -> tuple[DeferralRow, ...]:
    """Give which mails of a contact wait for room; the contact must be locked.

    None can be given up before the commit, unseen by those that go after it.
    """
    # Who is paused takes no room from others meanwhile.
    live = _waiting(contact_id).where(enrollments.c.paused_at.is_(None))
    found = live.with_for_update(read=True, of=deferrals)
    return tuple(shaped(DeferralRow, row) for row in connection.execute(found).mappings())


def put_off(connection: Connection, new: DeferralRow) -> int:
    """Put a mail off, and give how often it has asked for room."""
    entry = insert(deferrals).values(**new.model_dump())
    of_mail = ("priority", "due_at", "since_at", "until_at", "give_up_at", "why")
    renewed = (*of_mail, "brake", "lane", "place", "lane_wall", "urgent")
    asked = entry.on_conflict_do_update(
        index_elements=["enrollment_id", "step", "occurrence"],
        set_={
            **{name: entry.excluded[name] for name in renewed},
            "asks": deferrals.c.asks + 1,
            "over_at": null(),
        },
    ).returning(deferrals.c.asks)
    asks: int = connection.execute(asked).scalar_one()
    return asks


def over(connection: Connection, mail: MailId, at: datetime) -> None:
    """Put down that a mail waits no longer: it goes."""
    own = tuple_(*MAIL) == tuple_(*mail)
    connection.execute(update(deferrals).where(own, WAITS).values(over_at=at))


def leave(connection: Connection, mail: MailId, at: datetime) -> None:
    """Put down that a mail waits no longer without having gone, and tell those behind it."""
    own = tuple_(*MAIL) == tuple_(*mail)
    gone = update(deferrals).where(own, LASTS).values(over_at=at).returning(deferrals)
    _tell_behind(connection, connection.execute(gone).mappings(), at)


def vacate(connection: Connection, row: UUID, at: datetime) -> None:
    """Put down that no mail of an enrollment waits any longer, and tell those behind it."""
    gone = (
        update(deferrals)
        .where(deferrals.c.enrollment_id == row, LASTS)
        .values(over_at=at)
        .returning(deferrals)
    )
    _tell_behind(connection, connection.execute(gone).mappings(), at)


def make_room(connection: Connection, row: UUID, at: datetime) -> None:
    """Tell those behind an enrollment's mails that wait that these take no room meanwhile."""
    found = select(deferrals).where(deferrals.c.enrollment_id == row, WAITS)
    _tell_behind(connection, connection.execute(found).mappings(), at)


def _tell_behind(connection: Connection, found: Iterable[RowMapping], at: datetime) -> None:
    rows = (shaped(DeferralRow, one) for one in found)
    capped = (one for one in rows if one.give_up_at is not None)
    first = min(capped, key=lambda one: one.rank, default=None)
    if first is not None:
        wake(connection, first.contact_id, at, behind=first)


def wake(
    connection: Connection, contact_id: str, at: datetime, *, behind: DeferralRow | None = None
) -> None:
    """Tell a contact's mails that wait that they may ask again; only those behind one, if named."""
    rows = connection.execute(_waiting(contact_id)).mappings()
    found = ((shaped(DeferralRow, row), row["workflow_id"]) for row in rows)
    _tell(connection, (one for one in found if not behind or _is_behind(one[0], behind)), at)


def wake_all(connection: Connection, at: datetime) -> int:
    """Tell all mails that wait that they may ask again, and count them."""
    rows = connection.execute(of_the_living().where(WAITS)).mappings()
    return _tell(connection, ((shaped(DeferralRow, row), row["workflow_id"]) for row in rows), at)


def release_all(connection: Connection, at: datetime) -> None:
    """Put down that no mail waits for room any longer."""
    connection.execute(update(deferrals).where(WAITS).values(over_at=at))


def of_enrollment(connection: Connection, row: UUID) -> list[DeferralRow]:
    """Give the mails of an enrollment that were put off, in the order of when that was."""
    found = select(deferrals).where(deferrals.c.enrollment_id == row).order_by(deferrals.c.since_at)
    return [shaped(DeferralRow, one) for one in connection.execute(found).mappings()]


def _is_behind(one: DeferralRow, first: DeferralRow) -> bool:
    return first.rank <= one.rank and first.enrollment_id != one.enrollment_id


def _tell(connection: Connection, whom: Iterable[tuple[DeferralRow, str]], at: datetime) -> int:
    told = [(workflow, room_for(one, at)) for one, workflow in whom]
    deliveries.enqueue_all(connection, told)
    return len(told)


def room_for(one: DeferralRow, at: datetime) -> Room:
    """Give the signal that tells a mail to ask again."""
    # The same count of asks is the same news.
    mark = f"room.{one.step}.{one.occurrence}.{one.asks}"
    return Room(id=mark, at=at, step=one.step, occurrence=one.occurrence, asks=one.asks)


def _waiting(contact_id: str) -> Select[tuple[object, ...]]:
    return of_the_living().where(deferrals.c.contact_id == contact_id, WAITS)


def of_the_living() -> Select[tuple[object, ...]]:
    """Select the mails that were put off, of enrollments that have not ended."""
    return (
        select(deferrals, enrollments.c.workflow_id)
        .join_from(deferrals, enrollments, enrollments.c.id == deferrals.c.enrollment_id)
        .where(enrollments.c.ended_at.is_(None))
    )


# Building a statement costs more than running it, and this one is on every mail's way.
@cache
def _traffic() -> Executable:
    contact = bindparam("the_contact", type_=sends.c.contact_id.type)
    own = tuple_(*(sends.c[name] for name in _KEY)) == tuple_(*(_bound(name) for name in _KEY))
    gone = select(func.array_agg(sends.c.claimed_at)).where(
        sends.c.contact_id == contact,
        sends.c.claimed_at > bindparam("since", type_=sends.c.claimed_at.type),
        sends.c.email_kind == "marketing",
        sends.c.state.in_(_TAKES_ROOM),
        ~own,
    )
    waits = exists().where(deferrals.c.contact_id == contact, WAITS)
    return select(gone.scalar_subquery(), waits)


def _bound(name: str) -> ColumnElement[object]:
    return bindparam(f"the_{name}", type_=sends.c[name].type)


def _named(mail: MailId) -> dict[str, object]:
    return {f"the_{name}": value for name, value in zip(_KEY, mail, strict=True)}


_KEY = ("enrollment_id", "step", "occurrence")
MAIL = tuple(deferrals.c[name] for name in _KEY)

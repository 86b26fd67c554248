"""Appointments: who is to be enrolled by the passing of time, when, and counted from what."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Value
from storage.rows import Instant, shaped
from storage.schema.trigger_tables import appointments


class Of(NamedTuple):
    """The trigger that appointments are of: its sequence, and its mark."""

    sequence: str
    trigger: str


class NewAppointment(Value):
    """One of a contact, or of one of its records, counted from `basis`.

    By its trigger it is due at `due_at`, and it enrolls from `fires_at` on: not before it was
    known. One that has `passed` never does, and none does twice by the same basis.
    """

    sequence: str
    trigger: str
    contact_id: str
    record: str = ""
    basis: str
    due_at: Instant
    fires_at: Instant
    state: Literal["waiting", "passed"] = "waiting"


class Appointment(NewAppointment):
    """One on record that waits."""

    id: int


def keep(connection: Connection, new: NewAppointment) -> None:
    """Keep an appointment in the place of those that wait by another basis.

    One that waits by the same basis, but is due at another moment now, is moved.
    """
    drop(connection, Of(new.sequence, new.trigger), new.contact_id, [new.record], but=new.basis)
    entry = insert(appointments).values(_row(new))
    moved = (appointments.c.state == "waiting") & (appointments.c.due_at != entry.excluded.due_at)
    connection.execute(
        entry.on_conflict_do_update(
            index_elements=["sequence", "trigger", "contact_id", "record", "basis"],
            set_={"due_at": entry.excluded.due_at, "fires_at": entry.excluded.fires_at},
            where=moved & (entry.excluded.state == "waiting"),
        )
    )


def keep_new(connection: Connection, new: Collection[NewAppointment]) -> None:
    """Keep those of contacts and records of which nothing is on record yet."""
    rows = [_row(one) for one in new]
    if rows:
        connection.execute(insert(appointments).on_conflict_do_nothing(), rows)


def known(connection: Connection, of: Of, contacts: Collection[str]) -> set[tuple[str, str]]:
    """Give of which of these contacts, and of which records, anything is on record."""
    found = select(appointments.c.contact_id, appointments.c.record).where(
        *_of(of), appointments.c.contact_id.in_(contacts)
    )
    return {(one.contact_id, one.record) for one in connection.execute(found)}


def drop(
    connection: Connection,
    of: Of,
    contact_id: str,
    records: Collection[str] | None = None,
    *,
    but: str | None = None,
) -> None:
    """Let nothing wait of a contact and some of its records (None: any), but by the basis `but`."""
    rules = [*_of(of), appointments.c.contact_id == contact_id, _WAITS]
    if records is not None:
        rules.append(appointments.c.record.in_(records))
    if but is not None:
        rules.append(appointments.c.basis != but)
    connection.execute(delete(appointments).where(*rules))


def due(connection: Connection, of: Of, now: datetime, limit: int) -> list[Appointment]:
    """Give what is due, the oldest first."""
    found = (
        select(*_SHOWN)
        .where(*_of(of), _WAITS, appointments.c.fires_at <= now)
        .order_by(appointments.c.fires_at, appointments.c.due_at, appointments.c.id)
        .limit(limit)
    )
    return [shaped(Appointment, row) for row in connection.execute(found).mappings()]


def take(connection: Connection, of: Iterable[int], now: datetime) -> list[Appointment]:
    """Take those of some appointments that are due still; nobody changes them till the commit.

    To be asked when their contacts are locked.
    """
    found = (
        select(*_SHOWN)
        .where(appointments.c.id.in_(of), _WAITS, appointments.c.fires_at <= now)
        .order_by(appointments.c.fires_at, appointments.c.due_at, appointments.c.id)
        .with_for_update()
    )
    return [shaped(Appointment, row) for row in connection.execute(found).mappings()]


def over(
    connection: Connection, ids: Collection[int], state: Literal["fired", "passed"], now: datetime
) -> None:
    """Put down that appointments have fired, or have passed without that."""
    done = update(appointments).where(appointments.c.id.in_(ids))
    connection.execute(done.values(state=state, fired_at=now))


def waiting(connection: Connection, of: Of) -> tuple[int, datetime | None]:
    """Count what waits of a trigger, and give when the next is to enroll."""
    found = select(func.count(), func.min(appointments.c.fires_at)).where(*_of(of), _WAITS)
    count, following = connection.execute(found).one()
    return count, following


def overdue(connection: Connection, of: Of, now: datetime) -> int:
    """Count what waits of a trigger although it is due."""
    found = select(func.count()).where(*_of(of), _WAITS, appointments.c.fires_at <= now)
    return connection.scalars(found).one()


def waiting_of(connection: Connection, contact_id: str, sequence: str) -> list[Appointment]:
    """Give what waits of a contact in a sequence, the soonest first."""
    found = (
        select(*_SHOWN)
        .where(appointments.c.contact_id == contact_id, appointments.c.sequence == sequence, _WAITS)
        .order_by(appointments.c.fires_at, appointments.c.id)
    )
    return [shaped(Appointment, row) for row in connection.execute(found).mappings()]


def _of(of: Of) -> list[ColumnElement[bool]]:
    return [appointments.c.sequence == of.sequence, appointments.c.trigger == of.trigger]


def _row(new: NewAppointment) -> dict[str, object]:
    return {**new.model_dump(), "fired_at": new.due_at if new.state == "passed" else None}


_WAITS = appointments.c.state == "waiting"
_SHOWN = [column for column in appointments.c if column.name not in ("wall", "fired_at")]

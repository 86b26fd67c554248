"""Mails that a brake keeps back: all of them let go, or the oldest to try whether it is well."""

from datetime import datetime

from sqlalchemy import Connection, tuple_, update

from schemas.events import Room
from storage import deliveries
from storage.rows import shaped
from storage.schema.cap_tables import deferrals
from storage.sending.deferrals import LASTS, MAIL, DeferralRow, MailId, of_the_living, room_for


def release(connection: Connection, brake: int, at: datetime) -> list[tuple[str, Room]]:
    """Put down that no mail waits for a brake any longer; give whom to tell so, oldest first."""
    found = of_the_living().where(deferrals.c.brake == brake, LASTS)
    rows = connection.execute(found.order_by(*_OLDEST)).mappings().all()
    over = update(deferrals).where(deferrals.c.brake == brake, LASTS).values(over_at=at)
    connection.execute(over)
    return [(row["workflow_id"], room_for(shaped(DeferralRow, row), at)) for row in rows]


def let_try(connection: Connection, brake: int, most: int, at: datetime) -> list[MailId]:
    """Let the oldest mails that wait for a brake ask again, and give them."""
    found = of_the_living().where(deferrals.c.brake == brake, LASTS)
    locked = found.order_by(*_OLDEST).limit(most).with_for_update(of=deferrals)
    rows = connection.execute(locked).mappings().all()
    chosen = [(row["workflow_id"], shaped(DeferralRow, row)) for row in rows]
    mails = [one.mail for _, one in chosen]
    over = update(deferrals).where(tuple_(*MAIL).in_(mails)).values(over_at=at)
    connection.execute(over)
    told = [(workflow_id, room_for(one, at)) for workflow_id, one in chosen]
    deliveries.enqueue_all(connection, told)
    return mails


def any_waits(connection: Connection, brake: int) -> bool:
    """Tell whether a mail waits for a brake."""
    found = of_the_living().where(deferrals.c.brake == brake, LASTS).limit(1)
    return connection.execute(found).first() is not None


_OLDEST = (deferrals.c.due_at, deferrals.c.since_at, deferrals.c.enrollment_id)

"""The project's frequency caps: one rule for all sequences, the latest of those published."""

from datetime import datetime

from sqlalchemy import Connection, ScalarSelect, func, insert, select, text

from schemas.policies import Caps
from schemas.values import Value
from storage.rows import Instant
from storage.schema.cap_tables import caps
from storage.sending import deferrals

# One who publishes is in the way of this, others who hold the caps are not.
_HOLD = text(f"LOCK TABLE {caps.name} IN SHARE MODE")


class CapsRow(Value):
    """The caps in force (None: there are none), who published them, and when."""

    caps: Caps | None
    by: str
    at: Instant


def latest(connection: Connection) -> CapsRow | None:
    """Give the caps in force; None if nobody ever published any."""
    found = select(caps).order_by(caps.c.id.desc()).limit(1)
    row = connection.execute(found).mappings().first()
    return None if row is None else CapsRow(caps=row["rules"], by=row["by"], at=row["at"])


def in_force() -> ScalarSelect[object]:
    """Give the rules in force as part of another statement."""
    return select(caps.c.rules).order_by(caps.c.id.desc()).limit(1).scalar_subquery()


def hold(connection: Connection) -> Caps | None:
    """Give the caps in force, and let nobody publish others till the commit.

    So whoever publishes next sees what is put off by these. Call it before mails that wait are
    locked, as whoever publishes does.
    """
    connection.execute(_HOLD)
    row = latest(connection)
    return None if row is None else row.caps


def put(connection: Connection, new: Caps | None, *, by: str, at: datetime) -> int:
    """Put caps in force for everybody at once, and give how many mails wait for room by then.

    They are told to ask again: there may be room sooner now, or later.
    """
    rules = None if new is None else new.model_dump(mode="json")
    connection.execute(insert(caps).values(rules=rules, by=by, at=at))
    told = deferrals.wake_all(connection, at)
    if new is None:
        deferrals.release_all(connection, at)
    return told


def waiting(connection: Connection) -> int:
    """Count the mails that wait for room."""
    return connection.scalars(select(func.count()).where(deferrals.WAITS)).one()

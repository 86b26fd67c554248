"""The tide: raised by whoever works, so that a database restored from a backup shows it lower."""

from datetime import datetime
from functools import cache

from sqlalchemy import (
    Connection,
    Executable,
    ScalarSelect,
    bindparam,
    exists,
    func,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from schemas.tides import Tide
from storage.rows import Instant, shaped, shaped_or_none
from storage.schema.tables import sends
from storage.schema.tide_tables import tides

_ABOVE_ALL = 10**9


class TideRow(Tide):
    """The tide on record, the sweep that last raised it, and what was noticed, if anything was.

    `ebbed_why` says so until all is reconciled; `lived_wall` is when what is lost was last seen.
    """

    wall: Instant
    sweep: str | None = None
    sweep_run: str | None = None
    swept_wall: Instant | None = None
    ebbed_wall: Instant | None = None
    lived_wall: Instant | None = None
    ebbed_why: str | None = None

    @property
    def tide(self) -> Tide:
        """The mark alone."""
        return Tide(lineage=self.lineage, height=self.height)


def rise(connection: Connection) -> TideRow:
    """Raise the tide by one; nobody who commits this can see it lower, unless something is lost."""
    return shaped(TideRow, connection.execute(_rise()).mappings().one())


def rise_by_sweep(connection: Connection, sweep: str, run: str) -> TideRow:
    """Raise it for a sweep, which Temporal knows by its id and run."""
    raised = update(tides).values(sweep=sweep, sweep_run=run, swept_wall=func.clock_timestamp())
    rise(connection)
    return shaped(TideRow, connection.execute(raised.returning(tides)).mappings().one())


# Every worker does it every other second.
@cache
def _rise() -> Executable:
    new = insert(tides).values(lineage=func.gen_random_uuid(), height=1)
    higher = new.on_conflict_do_update(
        index_elements=["single"], set_={"height": tides.c.height + 1, "wall": func.now()}
    )
    return higher.returning(tides)


def level(connection: Connection) -> TideRow | None:
    """Give the tide as it stands; None before anybody worked with this database."""
    return shaped_or_none(TideRow, connection.execute(select(tides)).mappings().first())


def clock(connection: Connection) -> datetime:
    """Give the moment by PostgreSQL's own clock."""
    return connection.scalars(select(func.now())).one()


def ebb(connection: Connection, why: str, lived: datetime | None) -> bool:
    """Put down that something is lost, and tell whether that is new; the first word stays."""
    put = (
        update(tides)
        .where(tides.c.ebbed_wall.is_(None))
        .values(ebbed_wall=func.now(), ebbed_why=why, lived_wall=lived)
    )
    return connection.execute(put).rowcount > 0


def lift(connection: Connection) -> TideRow:
    """Raise the tide above all that anybody can have seen: what was lost is reconciled."""
    rise(connection)
    nothing = ("ebbed_wall", "ebbed_why", "lived_wall", "sweep", "sweep_run", "swept_wall")
    lifted = update(tides).values(
        height=tides.c.height + _ABOVE_ALL, **dict.fromkeys(nothing, null())
    )
    return shaped(TideRow, connection.execute(lifted.returning(tides)).mappings().one())


def standing() -> ScalarSelect[object]:
    """Give the tide as part of another statement."""
    shown = func.jsonb_build_object("lineage", tides.c.lineage, "height", tides.c.height)
    return select(shown).scalar_subquery()


def is_there(send: str) -> ScalarSelect[bool]:
    """Tell, as part of another statement, whether the send of this parameter is on record."""
    named = bindparam(send, type_=sends.c.id.type)
    return select(exists().where(sends.c.id == named)).scalar_subquery()

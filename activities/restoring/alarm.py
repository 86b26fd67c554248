"""What is done once a restored database is noticed: all sending stops, and all are told why."""

import logging
from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.restoring.gauge import Gauge, Seen
from schemas.brakes import Brake
from schemas.values import cut
from storage import tides
from storage.sending import brakes
from storage.tides import TideRow

NOTICED_BY = "Postroad"
"""Who stops all sending when a restored database is noticed."""

OLDER_POSTGRES = "PostgreSQL was restored from a backup, and what was committed after it is lost"
OLDER_TEMPORAL = "Temporal was restored from a backup, and what it did after it is lost"
_MEND = "run `postroad restored`, then `postroad stop-sending --resume`"

log = logging.getLogger(__name__)


def sound(engine: Engine, what: str, lived: datetime | None) -> bool:
    """Stop all sending, and let nobody in, until it is reconciled; tell whether that is new.

    `lived` is when what is lost was last seen.
    """
    with engine.begin() as connection:
        now = tides.rise(connection).wall
        new = tides.ebb(connection, what, lived)
        if new:
            why = f"{what}: {_MEND}"
            brakes.put(connection, Brake(of="all", who=NOTICED_BY, why=why, at=cut(now)))
    if new:
        log.error("all sending is stopped: %s; %s", what, _MEND)
    return new


def heard(engine: Engine, gauge: Gauge, before: Seen) -> bool:
    """Say by word of a process's own memory that PostgreSQL was restored, and begin anew."""
    gauge.forget()
    return sound(engine, OLDER_POSTGRES, before.wall)


def beat(engine: Engine, gauge: Gauge) -> TideRow:
    """Raise the tide, and stop all if it stood lower than this process has seen it."""
    before = gauge.seen
    with engine.begin() as connection:
        found = tides.level(connection)
        if not gauge.has_ebbed(before, found):
            found = tides.rise(connection)
    if gauge.has_ebbed(before, found) or found is None:
        heard(engine, gauge, before)
        return beat(engine, gauge)
    gauge.saw(found)
    return found


def is_dry(connection: Connection, gauge: Gauge | None) -> bool:
    """Tell whether something that this database had is lost, and not reconciled yet."""
    before = None if gauge is None else gauge.seen
    found = tides.level(connection)
    lost = gauge is not None and before is not None and gauge.has_ebbed(before, found)
    return lost or (found is not None and found.ebbed_wall is not None)


def beat_of_sweep(engine: Engine, gauge: Gauge, sweep: str, run: str) -> TideRow:
    """Raise the tide for a sweep: Temporal keeps in its result how high it stood then."""
    beat(engine, gauge)
    with engine.begin() as connection:
        found = tides.rise_by_sweep(connection, sweep, run)
    gauge.saw(found)
    return found

"""After a restore: PostgreSQL, Temporal and SendGrid are asked for what the others have lost."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import Field
from sqlalchemy import Engine
from temporalio.client import Client

from activities.mailing.suppression_lists import SuppressionLists
from activities.restoring.alarm import OLDER_POSTGRES, OLDER_TEMPORAL, sound
from schemas.values import Value
from starter.incoming.pulling import Pulled, pull
from starter.restoring.continuing import continue_all
from starter.restoring.histories import executions, recollections
from starter.restoring.remembering import Deeds, remember
from starter.watching import Watch, unwatched
from storage import tides

What = Literal["postgres", "temporal", "both"]
"""What was restored from a backup."""

# What was under way when it was last seen went on for a moment; and clocks differ.
_MARGIN = timedelta(minutes=2)


class Wish(Value):
    """What was restored, and from what moment on the other's memory is asked."""

    what: What
    since: datetime


class House(NamedTuple):
    """What is reconciled: both servers, SendGrid's lists, and the domain of our Message-IDs."""

    client: Client
    engine: Engine
    lists: SuppressionLists | None
    mail_domain: str


class Reconciled(Value):
    """What was brought back, by name; what could not be read or is not known any more."""

    what: What
    pulled: Pulled | None = None
    deeds: dict[str, int] = Field(default_factory=dict)
    unreadable: int = 0


class Before(NamedTuple):
    """What was noticed before: what was restored, as far as that is known, and since when."""

    what: What
    lived: datetime | None


def stop_all(engine: Engine) -> Before:
    """Stop all sending, and let nobody in; give what was noticed, or was not."""
    sound(engine, "a backup was restored, as an operator says", None)
    with engine.connect() as connection:
        level = tides.level(connection)
    why = None if level is None else level.ebbed_why
    found: What = _NOTICED.get(why or "", "both")
    return Before(found, None if level is None else level.lived_wall)


async def reconcile(
    house: House, wish: Wish, lived: datetime | None, watch: Watch = unwatched
) -> Reconciled:
    """Bring back what can be brought back; all of it may be done again, and changes nothing more.

    Sending stays stopped. Raises ListsError, RPCError or SQLAlchemyError if one does not answer:
    then nothing counts as reconciled.
    """
    pulled = None
    if house.lists is not None:
        pulled = await asyncio.to_thread(pull, house.engine, house.lists, watch=watch)
    deeds: Deeds = Counter()
    unreadable = 0
    if wish.what != "temporal":
        deeds, unreadable = await _remember_all(house, wish, lived, watch)
    if wish.what != "postgres":
        deeds += await continue_all(house.client, house.engine, wish.since, watch)
    await asyncio.to_thread(_lift, house.engine)
    return Reconciled(what=wish.what, pulled=pulled, deeds=dict(deeds), unreadable=unreadable)


async def _remember_all(
    house: House, wish: Wish, lived: datetime | None, watch: Watch
) -> tuple[Deeds, int]:
    runs = await executions(house.client, wish.since)
    last = await asyncio.to_thread(_noticed, house.engine) if lived is None else lived
    deeds: Deeds = Counter()
    unreadable = done = 0
    async for found in recollections(house.client, runs, last + _MARGIN):
        done += 1
        watch(done, len(runs))
        if found is None:
            unreadable += 1
        else:
            deeds += await asyncio.to_thread(remember, house.engine, found, house.mail_domain)
    return deeds, unreadable


def _noticed(engine: Engine) -> datetime:
    with engine.connect() as connection:
        level = tides.level(connection)
        noticed = None if level is None else level.ebbed_wall
        return noticed or tides.clock(connection)


def _lift(engine: Engine) -> None:
    with engine.begin() as connection:
        tides.lift(connection)


_NOTICED: dict[str, What] = {OLDER_POSTGRES: "postgres", OLDER_TEMPORAL: "temporal"}

"""Looking at breakers in the background: mails try those that are due, and close them if well."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from starter.breaking import look
from storage.sending import breakers

_EVERY_SECONDS = 10.0

log = logging.getLogger(__name__)


def look_once(engine: Engine, now: datetime) -> list[str]:
    """Look at each breaker that is due, one a transaction, and tell what became of each."""
    seen: list[str] = []
    while True:
        with engine.begin() as connection:
            due = breakers.take_due(connection)
            if due is None:
                return seen
            became = look(connection, due, now)
        log.info("the breaker of a %s (brake %d): %s", due.of, due.id, became)
        seen.append(became)


async def keep_looking(engine: Engine, clock: Callable[[], datetime]) -> None:
    """Look every ten seconds until cancelled; while PostgreSQL does not answer, later."""
    while True:
        try:
            await asyncio.to_thread(look_once, engine, clock())
        except SQLAlchemyError as error:
            log.warning("breakers wait for PostgreSQL (%s)", type(error).__name__)
        except Exception:  # a loop that dies would leave all breakers open
            log.exception("breakers wait for a fault of our own")
        await asyncio.sleep(_EVERY_SECONDS)

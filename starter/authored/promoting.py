"""Naming the winner of a test of arms once there is evidence: whoever comes after gets that arm."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from reports.experiments import StepTest, running
from storage.sending import winners
from storage.sending.winners import Named

_EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


def promote(engine: Engine, now: datetime) -> list[Named]:
    """Name the winners that may be named by now, and give those that were not named before.

    Looking often changes nothing about the evidence, and of several who look at once one names it.
    """
    with engine.connect() as connection:
        won = [named for test in _open_tests(connection) for named in _won(test, now)]
    return [winner for winner in won if _name(engine, winner)]


async def keep_promoting(engine: Engine, clock: Callable[[], datetime]) -> None:
    """Look every minute until cancelled; while PostgreSQL does not answer, later."""
    while True:
        try:
            await asyncio.to_thread(promote, engine, clock())
        except SQLAlchemyError as error:
            log.warning("tests of arms wait for PostgreSQL (%s)", type(error).__name__)
        except Exception:  # a loop that dies would leave all later tests undecided
            log.exception("tests of arms wait for a fault of our own")
        await asyncio.sleep(_EVERY_SECONDS)


def _open_tests(connection: Connection) -> list[StepTest]:
    return [
        running(connection, sequence.name, step)
        for sequence in winners.testing(connection)
        for named in [winners.of(connection, sequence.name)]
        for step in sequence.emails
        if step.winner is not None and step.id not in named
    ]


def _won(test: StepTest, now: datetime) -> list[Named]:
    if test.winner is None:
        return []
    told = test.model_dump(mode="json")
    named = Named(sequence=test.sequence, step=test.step, arm=test.winner, evidence=told, at=now)
    return [named]


def _name(engine: Engine, winner: Named) -> bool:
    with engine.begin() as connection:
        new = winners.name(connection, winner)
    if new:
        log.info("%s, step %s: arm %s won", winner.sequence, winner.step, winner.arm)
    return new

"""Brings committed starts to Temporal: at once when asked to, and again until they are settled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from temporalio.client import Client
from temporalio.service import RPCError

from schemas.enrollment import EnrollmentStart
from schemas.outcomes import Refused
from starter.enrolling.enrollments import WINDOW, Started, start_enrollment
from storage.entering import starts
from storage.entering.starts import Start

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 20, 30))
"""How long after each failure a start is tried again; the last one counts for all further ones."""

_BATCH = 100
_EVERY_SECONDS = 2.0
_PATIENCE_SECONDS = 10.0
_NO_DATABASE = (OperationalError, InterfaceError, NoConnectionLeft)

Starter = Callable[[EnrollmentStart, str], Awaitable[Started | Refused]]
"""What starts one enrollment's workflow, once a request, however often it is asked.

It raises OSError or RPCError if Temporal does not answer."""

log = logging.getLogger(__name__)


class _Failed(NamedTuple):
    why: str


_Outcome = Started | Refused | _Failed


def starter_of(connect: Callable[[], Awaitable[Client]], engine: Engine) -> Starter:
    """Start through a client that is connected when the first start is due."""

    async def start(wanted: EnrollmentStart, request: str) -> Started | Refused:
        return await start_enrollment(await connect(), engine, wanted, request)

    return start


async def start_pending(engine: Engine, client: Client) -> int:
    """Bring one batch of what is laid out, and tell how many there were."""

    async def connected() -> Client:
        return client

    return await bring(engine, starter_of(connected, engine))


async def bring(engine: Engine, start: Starter) -> int:
    """Bring one batch, so many at once as is any use, and tell how many there were.

    One that fails is tried again later, and holds up no other. When cancelled it finishes first.
    """
    batch = asyncio.ensure_future(_bring(engine, start))
    try:
        return await asyncio.shield(batch)
    except asyncio.CancelledError:
        await batch
        raise


class Starting:
    """Brings starts in the background: when nudged, and every few seconds whatever happens."""

    def __init__(self, engine: Engine, start: Starter) -> None:
        self._engine = engine
        self._start = start
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Ask it to look for new starts now; to be called in the event loop."""
        self._nudged.set()

    async def run(self) -> None:
        """Bring starts until cancelled; a server that does not answer is asked again later."""
        while True:
            self._nudged.clear()
            await self._drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), _EVERY_SECONDS)

    async def _drain(self) -> None:
        try:
            while await bring(self._engine, self._start):
                pass
        except _NO_DATABASE as error:
            log.warning("starts wait: PostgreSQL does not answer (%s)", type(error).__name__)
        except Exception:  # a loop that dies would leave all later starts lying
            log.exception("starts wait for a fault of our own")


async def _bring(engine: Engine, start: Starter) -> int:
    taken, begun = await asyncio.to_thread(_take, engine)
    turns = asyncio.Semaphore(WINDOW)

    async def in_turn(one: Start) -> _Outcome:
        async with turns:
            return _again(one, begun[one.id]) if one.id in begun else await _started(start, one)

    outcomes = await asyncio.gather(*map(in_turn, taken))
    await asyncio.to_thread(_record, engine, list(zip(taken, outcomes, strict=True)))
    return len(taken)


def _take(engine: Engine) -> tuple[list[Start], dict[int, str]]:
    with engine.begin() as connection:
        taken = starts.take(connection, _BATCH)
        return taken, starts.begun(connection, [one.id for one in taken])


def _again(one: Start, workflow_id: str) -> Started | Refused:
    # Tried before, it is most likely this very one, which nobody could write down.
    if one.attempts > 1:
        return Started(workflow_id=workflow_id, run_id="", contact=one.contact_id)
    return Refused(reason="same_minute", message="was enrolled in the same minute already")


async def _started(start: Starter, one: Start) -> _Outcome:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await start(_wanted(one), f"start-{one.id}")
    except (RPCError, OSError) as error:
        return _Failed(_words(error))
    except ValidationError:
        return Refused(reason="malformed", message="its key or data cannot be an enrollment's")
    except Exception as error:  # one that nobody thought of holds up no other
        log.exception("start %d waits for a fault of our own", one.id)
        return _Failed(f"a fault of our own ({type(error).__name__})")


def _words(error: RPCError | OSError) -> str:
    if isinstance(error, RPCError):
        return f"Temporal answered {error.status.name}"
    return type(error).__name__


def _wanted(one: Start) -> EnrollmentStart:
    return EnrollmentStart(
        sequence=one.sequence,
        contact=one.contact_id,
        key=one.key,
        data=one.data,
        at=one.at,
        source=one.source,
    )


def _record(engine: Engine, outcomes: list[tuple[Start, _Outcome]]) -> None:
    with engine.begin() as connection:
        starts.started(connection, [one.id for one, came in outcomes if isinstance(came, Started)])
        for one, came in outcomes:
            if isinstance(came, _Failed):
                _record_failed(connection, one, came.why)
            elif isinstance(came, Refused):
                _record_refused(connection, one, came)


def _record_refused(connection: Connection, one: Start, refused: Refused) -> None:
    is_enrolled = refused.reason == "already_enrolled"
    if is_enrolled and starts.is_over(connection, one):
        _record_failed(connection, one, "the enrollment before it has ended, and is closing")
    elif is_enrolled and one.attempts < one.patience:
        _record_failed(connection, one, "it is enrolled already, and may be about to end")
    else:
        starts.refused(connection, one.id, refused.reason, refused.message)


def _record_failed(connection: Connection, one: Start, why: str) -> None:
    again = PAUSES[min(one.attempts, len(PAUSES)) - 1]
    log.warning("start %d waits for %s (%s)", one.id, again, why)
    starts.failed(connection, one.id, why, again)

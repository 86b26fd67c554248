"""Watching for a database that came from a backup: before a worker begins, and while it works."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.restoring.alarm import OLDER_POSTGRES, OLDER_TEMPORAL, beat, sound
from activities.restoring.gauge import Gauge
from runtime.faults import sentence
from starter.restoring.comparing import Found, Older, compare

_BEAT_SECONDS = 2.0
_LOOK_SECONDS = 60.0
_WORDS: dict[Older, str] = {"postgres": OLDER_POSTGRES, "temporal": OLDER_TEMPORAL}
# Asking again would bring no other answer; a worker is not to wait for it.
_NEVER = {
    RPCStatusCode.PERMISSION_DENIED,
    RPCStatusCode.UNAUTHENTICATED,
    RPCStatusCode.UNIMPLEMENTED,
    RPCStatusCode.INVALID_ARGUMENT,
    RPCStatusCode.NOT_FOUND,
}

log = logging.getLogger(__name__)


class Watching:
    """Watches for one worker, and stops all sending when something that was done is lost."""

    def __init__(self, client: Client, engine: Engine, gauge: Gauge) -> None:
        self._client, self._engine, self._gauge = client, engine, gauge
        self._is_forgotten = False
        # Of its own: what else waits in threads is not to delay it.
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="tide")

    async def first(self) -> None:
        """Compare once, however long that takes: before that a worker must not begin."""
        while True:
            if await self._looked():
                await self._beaten()
                return
            await asyncio.sleep(_BEAT_SECONDS)

    async def run(self) -> None:
        """Raise the tide every other second, and compare every minute, until cancelled."""
        await asyncio.gather(self._beats(), self._looks())

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            await self._beaten()

    async def _looks(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self._looked()

    async def _looked(self) -> bool:
        try:
            await self._look()
        except RPCError as error:
            log.warning("whether a backup was restored is not known (%s)", error.status.name)
            return error.status in _NEVER
        except (SQLAlchemyError, OSError) as error:
            why = sentence(error) or type(error).__name__
            log.warning("whether a backup was restored is not known: %s", why)
            return False
        except Exception:  # a loop that dies would notice nothing any more
            log.exception("whether a backup was restored is not known for a fault of our own")
        return True

    async def _look(self) -> None:
        found = await compare(self._client, self._engine)
        if found.older is not None:
            words = _WORDS[found.older]
            await asyncio.to_thread(sound, self._engine, words, found.lived)
        self._say_forgotten(found)

    def _say_forgotten(self, found: Found) -> None:
        if found.forgotten and not self._is_forgotten:
            log.warning(
                "Temporal knows nothing of what PostgreSQL holds: it is new, or was emptied; "
                "`postroad restored` lets what lives go on in it"
            )
        self._is_forgotten = found.forgotten

    async def _beaten(self) -> None:
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads, beat, self._engine, self._gauge)
        except SQLAlchemyError as error:
            log.warning("the tide waits for PostgreSQL (%s)", type(error).__name__)
        except Exception:  # as above
            log.exception("the tide waits for a fault of our own")

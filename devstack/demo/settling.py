"""Waiting until all that is on its way has arrived, and everybody told has come to rest."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import timedelta

import httpx

from devstack.demo.shapes import DemoFailedError
from devstack.demo.stage import Stage
from schemas.enrollment import ProgressView
from starter.asking import ask
from starter.outgoing.relay import deliver_pending
from storage.audit import loose_ends
from storage.enrolled import Filter, listing
from storage.rows import ListedEnrollment

_PAUSE_SECONDS = 0.03
_PATIENCE = timedelta(minutes=3)
_ALL = 100_000


async def settle(stage: Stage, whom: Collection[str] = ()) -> None:
    """Wait until webhooks are posted, signals brought, endings closed and hand-offs begun.

    `whom` (addresses up to their @) were told something: their enrollments have taken it in and
    wait again. Raises DemoFailedError if that does not come about in three minutes.
    """
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            await _until_settled(stage, whom)
    except TimeoutError:
        raise DemoFailedError(
            f"not everything came to rest within {_PATIENCE}: see .postroad/logs"
        ) from None


async def _until_settled(stage: Stage, whom: Collection[str]) -> None:
    while True:
        if await _all_arrived(stage) and await _at_rest(stage, whom):
            return
        await asyncio.sleep(_PAUSE_SECONDS)


def live_rows(stage: Stage) -> list[ListedEnrollment]:
    """Give all enrollments that have not ended."""
    with stage.engine.connect() as connection:
        return listing(connection, Filter(state="live"), limit=_ALL)


async def _all_arrived(stage: Stage) -> bool:
    drained = False
    with suppress(httpx.TransportError):  # the emulator is being started again
        drained = (await stage.emulator.drain()).drained
    await deliver_pending(stage.engine, stage.client)
    return drained and await asyncio.to_thread(_count, stage) == 0


def _count(stage: Stage) -> int:
    with stage.engine.connect() as connection:
        return loose_ends(connection)


async def _at_rest(stage: Stage, whom: Collection[str]) -> bool:
    if not whom:
        return True
    rows = await asyncio.to_thread(live_rows, stage)
    views = await asyncio.gather(
        *(ask(stage.client, workflow_id) for workflow_id in _of(rows, whom))
    )
    return all(_rests(view) for view in views) and await asyncio.to_thread(_count, stage) == 0


def _of(rows: Iterable[ListedEnrollment], whom: Collection[str]) -> list[str]:
    return [row.workflow_id for row in rows if row.email.casefold().rpartition("@")[0] in whom]


def _rests(view: ProgressView | None) -> bool:
    return view is not None and view.state != "ended" and view.next is not None

"""Moving the virtual clocks of running enrollments, on a server that allows it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

_PATIENCE = timedelta(seconds=30)
_AT_ONCE = 16
# What is over before the server looks is passed over, and with it all until the next timer
# (measured with CLI 1.9.1: one in fifty skips of a few milliseconds).
_PASSES_BY_ITSELF = timedelta(seconds=5)


@dataclass(frozen=True)
class Moved:
    """The enrollment's clock was moved; its time is `now`."""

    workflow_id: str
    now: datetime


@dataclass(frozen=True)
class Closed:
    """The enrollment was over before or became so on the way."""

    workflow_id: str


Skip = Moved | Closed


class SkipFailedError(Exception):
    """A clock could not be moved; the message says why and what to do."""


async def skip(
    client: Client, workflow_id: str, by: timedelta, *, patience: timedelta = _PATIENCE
) -> Skip:
    """Move one enrollment's virtual clock and wait until it has done what became due.

    A few seconds pass by themselves. Let nobody else move the same enrollment meanwhile: two skips
    that overlap pass over a due timer. End minutes away from any due moment, and before a long skip
    let webhooks and retries drain, since a retry's backoff is skipped as well. Raises
    SkipFailedError if there is no such enrollment, if no worker runs, or if the server does not
    allow skipping.
    """
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await _moved(client, workflow_id, by)
    except TimeoutError as late:
        raise SkipFailedError(_late(workflow_id, patience)) from late
    except RuntimeError as overridden:
        raise SkipFailedError(
            f"Somebody else moved {workflow_id} at the same time: move it from one place only."
        ) from overridden
    except RPCError as refusal:
        return await _explained(client, workflow_id, refusal)


async def lockstep(
    client: Client,
    workflow_ids: Iterable[str],
    by: timedelta,
    *,
    at_once: int = _AT_ONCE,
    patience: timedelta = _PATIENCE,
) -> tuple[Skip, ...]:
    """Move many enrollments by one slice, a few at once; the answers come in the order of the ids.

    Choose a slice of a day or less and send the slice's events between two calls, so that all
    enrollments stay on one calendar. Raises as `skip` does; `patience` counts for each enrollment.
    """
    turns = asyncio.Semaphore(at_once)

    async def in_turn(workflow_id: str) -> Skip:
        async with turns:
            return await skip(client, workflow_id, by, patience=patience)

    try:
        async with asyncio.TaskGroup() as group:
            moves = [group.create_task(in_turn(workflow_id)) for workflow_id in workflow_ids]
    except* SkipFailedError as failures:
        raise _first(failures) from None
    return tuple(move.result() for move in moves)


async def _moved(client: Client, workflow_id: str, by: timedelta) -> Skip:
    # What the enrollment hands over to begins at its moment, and skips no time of its own accord.
    skipper = TimeSkipper(client, config=TimeSkippingConfig(disable_propagation=True))
    handle = client.get_workflow_handle(workflow_id)
    if by < _PASSES_BY_ITSELF:
        await asyncio.sleep(by.total_seconds())
        described = await handle.describe()
        runs = described.status is WorkflowExecutionStatus.RUNNING
    else:
        runs = await skipper.fast_forward(handle, by)
    if not runs:
        return Closed(workflow_id)
    return Moved(workflow_id, await skipper.get_current_time(handle))


def _first(failures: ExceptionGroup[SkipFailedError]) -> SkipFailedError:
    first = failures.exceptions[0]
    return first if isinstance(first, SkipFailedError) else _first(first)


def _late(workflow_id: str, patience: timedelta) -> str:
    return (
        f"{workflow_id} did not move within {patience.total_seconds():g} s: start a worker "
        f"(the skip takes place as soon as one runs), or look in the Temporal UI for what it does."
    )


async def _explained(client: Client, workflow_id: str, refusal: RPCError) -> Closed:
    if refusal.status is not RPCStatusCode.NOT_FOUND:
        raise SkipFailedError(
            f"The Temporal server would not move {workflow_id}: {refusal.message}."
        ) from refusal
    try:
        await client.get_workflow_handle(workflow_id).describe()
    except RPCError as unknown:
        raise SkipFailedError(f"There is no enrollment {workflow_id}.") from unknown
    return Closed(workflow_id)

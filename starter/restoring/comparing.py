"""Whether PostgreSQL and Temporal know of one another's latest work: the sweeps tell."""

import asyncio
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Engine
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecution, WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from schemas.names import SCHEDULE_TRIGGERS, WORKFLOW_SWEEP
from schemas.tides import Tide, is_younger
from schemas.triggers import Swept
from storage import tides
from storage.tides import TideRow

Older = Literal["postgres", "temporal"]
"""Which of the two lacks what the other has."""

_PATIENCE = timedelta(seconds=10)
_LOOKED_AT = 3
_FINISHED = f"WorkflowType = '{WORKFLOW_SWEEP}' AND ExecutionStatus = 'Completed'"


class Known(NamedTuple):
    """What Temporal knows of the tide: how high the last finished sweep found it, and when."""

    tide: Tide
    at: datetime | None


class Found(NamedTuple):
    """Which one is older, and when what it lacks was last seen; neither, as far as is known."""

    older: Older | None = None
    lived: datetime | None = None
    forgotten: bool = False
    """Temporal knows of no sweep at all: it is new, or empty, and not an older state of itself."""


async def compare(client: Client, engine: Engine) -> Found:
    """Compare; raises RPCError if Temporal does not answer, SQLAlchemyError if PostgreSQL doesn't.

    Each is asked after the other for what only it can know: what either writes meanwhile makes
    neither look older.
    """
    known = await last_known(client)
    reading = await asyncio.to_thread(_read, engine)
    if reading is None:
        return Found()
    higher = [one.at for one in known if is_younger(one.tide, reading.level.tide)]
    if higher:
        return Found("postgres", higher[0])
    level = reading.level
    if level.sweep_run is None or await _knows(client, level):
        return Found()
    return await _unless_kept_no_longer(client, reading, knows_none=not known)


async def last_known(client: Client) -> list[Known]:
    """Give what Temporal knows of the tide by the last finished sweeps, the latest first."""
    found = client.list_workflows(_FINISHED, page_size=_LOOKED_AT, rpc_timeout=_PATIENCE)
    told: list[Known] = []
    async for sweep in found:
        known = await _told_by(client, sweep)
        told += [known] if known else []
        if len(told) == _LOOKED_AT:
            break
    return told


class _Reading(NamedTuple):
    level: TideRow
    now: datetime


def _read(engine: Engine) -> _Reading | None:
    with engine.connect() as connection:
        level = tides.level(connection)
        return None if level is None else _Reading(level, tides.clock(connection))


async def _told_by(client: Client, sweep: WorkflowExecution) -> Known | None:
    handle = client.get_workflow_handle(sweep.id, run_id=sweep.run_id, result_type=Swept)
    try:
        swept: Swept = await handle.result(follow_runs=False, rpc_timeout=_PATIENCE)
    except WorkflowFailureError:
        return None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return None if swept.tide is None else Known(swept.tide, sweep.close_time)


async def _knows(client: Client, level: TideRow) -> bool:
    handle = client.get_workflow_handle(level.sweep or "", run_id=level.sweep_run)
    try:
        await handle.describe(rpc_timeout=_PATIENCE)
    except RPCError as error:
        # It answers so, too, to a run id that is none.
        if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT}:
            return False
        raise
    return True


async def _unless_kept_no_longer(client: Client, reading: _Reading, *, knows_none: bool) -> Found:
    # Temporal forgets closed workflows after a while: by that nothing is lost.
    request = DescribeNamespaceRequest(namespace=client.namespace)
    answer = await client.workflow_service.describe_namespace(request, timeout=_PATIENCE)
    kept = answer.config.workflow_execution_retention_ttl.ToTimedelta()
    swept = reading.level.swept_wall
    if swept is None or reading.now - swept > kept / 2:
        return Found()
    if knows_none and await _is_new(client, swept):
        return Found(forgotten=True)
    return Found("temporal", swept)


async def _is_new(client: Client, swept: datetime) -> bool:
    """Tell whether its Schedule was made after that sweep, and so not the one that made it."""
    try:
        schedule = await client.get_schedule_handle(SCHEDULE_TRIGGERS).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return True
        raise
    return schedule.info.created_at > swept

"""Letting what lives in PostgreSQL go on in a Temporal that has lost it, or is behind."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from schemas.enrollment import EnrollmentStart
from schemas.ids import enrollment_id
from starter.enrolling.enrollments import launched
from starter.outgoing.relay import deliver_pending
from starter.restoring.remembering import Deeds
from starter.watching import Watch, unwatched
from storage import restoring
from storage.restoring import LiveRow

_PATIENCE = timedelta(seconds=10)
_PAGE, _AT_ONCE = 500, 16


async def continue_all(
    client: Client, engine: Engine, since: datetime, watch: Watch = unwatched
) -> Deeds:
    """Start anew what lives and has no workflow, and bring it again what was brought since then.

    It takes its enrollment over as it is: what was sent is not sent again. Repeating it changes
    nothing more.
    """
    deeds: Deeds = Counter()
    after: UUID | None = None
    while rows := await asyncio.to_thread(_page, engine, since, after):
        after = rows[-1].id
        for first in range(0, len(rows), _AT_ONCE):
            deeds += await _continue(client, engine, rows[first : first + _AT_ONCE], since)
            watch(deeds["looked_at"], 0)
    deeds["starts"] += await _start_again(client, engine, since)
    # Now, and not by a worker that has begun to decide: what comes first is heard first.
    while await deliver_pending(engine, client):
        pass
    return deeds


def _page(engine: Engine, since: datetime, after: UUID | None) -> list[LiveRow]:
    with engine.connect() as connection:
        return restoring.lately_live(connection, since, after, _PAGE)


async def _continue(
    client: Client, engine: Engine, rows: Sequence[LiveRow], since: datetime
) -> Deeds:
    found = await asyncio.gather(*(_one(client, engine, row) for row in rows))
    deeds: Deeds = Counter(live=sum(row.ended_at is None for row in rows), looked_at=len(rows))
    deeds += Counter(name for name in found if name)
    anew = [row.workflow_id for row, name in zip(rows, found, strict=True) if name in _ANEW]
    rest = [row.workflow_id for row, name in zip(rows, found, strict=True) if name not in _ANEW]
    deeds["signals"] += await asyncio.to_thread(_bring, engine, anew, _EVER)
    deeds["signals"] += await asyncio.to_thread(_bring, engine, rest, since)
    return deeds


def _bring(engine: Engine, workflow_ids: Sequence[str], since: datetime) -> int:
    with engine.begin() as connection:
        return restoring.bring_again(connection, workflow_ids, since)


async def _one(client: Client, engine: Engine, row: LiveRow) -> str:
    if row.ended_at is not None:
        # Its workflow may go on where it was: it is told what ended it, and is never begun anew.
        return ""
    if row.run_id is not None:
        if await _is_known(client, row.workflow_id, row.run_id):
            return ""
        await asyncio.to_thread(_release, engine, row)
    if not await _starts(client, row):
        return "waiting" if row.run_id is not None else ""
    return "started" if row.given is not None else "started_without_data"


def _release(engine: Engine, row: LiveRow) -> None:
    with engine.begin() as connection:
        restoring.release_run(connection, row.id, row.run_id or "")


async def _starts(client: Client, row: LiveRow) -> bool:
    start = EnrollmentStart(
        sequence=row.sequence,
        contact=row.contact_id,
        key=row.key,
        data=row.data,
        version=row.version,
        at=row.enrolled_at,
        source=row.source,
        step=row.step,
    )
    return await launched(client, start, row.workflow_id) is not None


async def _is_known(client: Client, workflow_id: str, run_id: str | None) -> bool:
    handle = client.get_workflow_handle(workflow_id, run_id=run_id)
    try:
        await handle.describe(rpc_timeout=_PATIENCE)
    except RPCError as error:
        if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT}:
            return False
        raise
    return True


async def _start_again(client: Client, engine: Engine, since: datetime) -> int:
    """Lay out again the starts whose workflow is gone before its enrollment was on record."""

    def listed() -> list[tuple[int, str, str, str | None]]:
        with engine.connect() as connection:
            return restoring.started_since(connection, since)

    def lay_out(number: int) -> None:
        with engine.begin() as connection:
            restoring.start_again(connection, number)

    again = 0
    for number, sequence, contact, key in await asyncio.to_thread(listed):
        if not await _is_known(client, enrollment_id(sequence, contact, key), None):
            await asyncio.to_thread(lay_out, number)
            again += 1
    return again


_ANEW = frozenset({"started", "started_without_data"})
_EVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

"""What an enrollment was given, for mails of it that are composed before they go."""

import asyncio

from sqlalchemy import Engine
from temporalio.client import Client

from schemas.values import Facts
from starter.asking import ask
from starter.authored.trying import Wanted
from starter.moments import moment_of
from storage import enrolled
from storage.rows import EnrollmentRow
from workflows.deciding.facts import data_at


async def with_own_data(client: Client | None, engine: Engine, wanted: Wanted) -> Wanted:
    """Add what the enrollment was given, with later changes; what `wanted` says goes before it.

    Only its workflow knows that: without a `client`, or where none answers, `wanted` then says so.
    """
    row = await asyncio.to_thread(_find, engine, wanted.enrollment or "")
    if row is None:
        return wanted
    own = None if client is None else await _given(client, row, wanted)
    if own is None:
        return wanted.model_copy(update={"knows_data": False})
    return wanted.model_copy(update={"data": {**own, **wanted.data}})


async def _given(client: Client, row: EnrollmentRow, wanted: Wanted) -> Facts | None:
    view = await ask(client, row.workflow_id)
    if view is None or view.progress is None or view.row != str(row.id):
        return None
    return data_at(view.progress, await moment_of(client, row.workflow_id, wanted.at))


def _find(engine: Engine, ref: str) -> EnrollmentRow | None:
    with engine.connect() as connection:
        return enrolled.find(connection, ref)

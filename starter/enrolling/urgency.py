"""How soon an enrollment's work is done: that of sequences with receipts before all others."""

import asyncio

from sqlalchemy import Engine
from temporalio.common import Priority

from activities.sequences import sequences
from schemas.enrollment import EnrollmentStart

FIRST = Priority(priority_key=1)
"""Goes before what has waited longer, in the queue in which all decide."""


async def priority_of(engine: Engine, start: EnrollmentStart) -> Priority:
    """Give the priority of an enrollment's workflow: FIRST if it may send transactional mails.

    Ten thousand others that wake at once would have each of its decisions wait for theirs.
    """
    return FIRST if await asyncio.to_thread(_may_send_receipts, engine, start) else Priority.default


def _may_send_receipts(engine: Engine, start: EnrollmentStart) -> bool:
    known = sequences()
    with engine.connect() as connection:
        if start.version is None:
            sequence = known.latest(connection, start.sequence)
        else:
            sequence = known.get(connection, start.version)
    return sequence is not None and any(step.transactional for step in sequence.emails)

"""Sweeps by hand, and the tide set back as an older backup would show it."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, update
from temporalio.client import Client

from schemas.names import QUEUE_ENROLLMENTS, WORKFLOW_SWEEP
from schemas.triggers import Swept
from starter.restoring.comparing import last_known
from storage.schema.tide_tables import tides


@dataclass(frozen=True)
class Sweeper:
    client: Client

    async def sweep(self) -> Swept:
        """Sweep, and wait until Temporal's list of what is finished shows it."""
        swept: Swept = await self.client.execute_workflow(
            WORKFLOW_SWEEP,
            id=f"sweep-{secrets.token_hex(4)}",
            task_queue=QUEUE_ENROLLMENTS,
            result_type=Swept,
        )
        while all(one.tide != swept.tide for one in await last_known(self.client)):
            pass
        return swept


def alter(engine: Engine, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(update(tides).values(**values))

"""Whether all goes well: what is stuck, stopped, held or in doubt, in numbers and by name."""

import asyncio

from sqlalchemy import Engine
from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey

from schemas.values import Value
from starter import holding
from storage import deliveries
from storage.sending import brakes, doubts

MOST_NAMED = 100
"""How many broken workflows are named; of more, a bug is known well enough."""

# Temporal sets it when a workflow's task has failed several times running (5, unless its dynamic
# configuration says otherwise), and takes it away when one succeeds.
_PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
_BROKEN = f"{_PROBLEMS.name} IS NOT NULL AND ExecutionStatus = 'Running'"
_CAUSE = "cause="


class Broken(Value):
    """A workflow that does not go on for a bug of ours: which, and what Temporal says of it."""

    workflow_id: str
    cause: str


class Health(Value):
    """How many mails are in doubt, the oldest for how long; what else waits, and what is broken."""

    in_doubt: int
    oldest_doubt_seconds: int
    held: int
    brakes: int
    braked: int
    signals: int
    broken: tuple[Broken, ...]

    @property
    def is_well(self) -> bool:
        """Tell whether nothing is broken."""
        return not self.broken


async def health(client: Client, engine: Engine) -> Health:
    """Ask PostgreSQL and Temporal how all stands."""
    broken = [_broken(run) async for run in client.list_workflows(_BROKEN, limit=MOST_NAMED)]
    causes = await holding.listed(client)
    return await asyncio.to_thread(_health, engine, causes, tuple(broken))


def _health(engine: Engine, causes: holding.Causes, broken: tuple[Broken, ...]) -> Health:
    with engine.connect() as connection:
        doubtful = doubts.standing(connection)
        standing = brakes.standing(connection)
        signals = deliveries.waiting(connection)
    return Health(
        in_doubt=len(doubtful),
        oldest_doubt_seconds=max((one.seconds for one in doubtful), default=0),
        held=sum(one.count for one in holding.held(engine, causes)),
        brakes=len(standing),
        braked=sum(one.waiting for one in standing),
        signals=signals,
        broken=broken,
    )


def _broken(run: WorkflowExecution) -> Broken:
    told = run.typed_search_attributes.get(_PROBLEMS) or ()
    causes = [one.removeprefix(_CAUSE) for one in told if one.startswith(_CAUSE)]
    return Broken(workflow_id=run.id, cause=", ".join(causes) or ", ".join(told))

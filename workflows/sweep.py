"""The sweep of triggers by time: a Temporal Schedule starts it every minute."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from schemas.names import WORKFLOW_SWEEP
from schemas.triggers import SweepRequest, Swept, TriggerActivities
from schemas.values import cut

_PATIENCE = timedelta(minutes=10)
_AT_MOST = timedelta(hours=1)
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
# Six history events each; what is left over is the next sweep's.
_ROUNDS = 500


@workflow.defn(name=WORKFLOW_SWEEP)
class TriggerSweep:
    """Lets enter who is due, batch by batch, until nobody is left."""

    @workflow.run
    async def run(self, request: SweepRequest | None = None) -> Swept:
        """Sweep; the answer tells how many enrollments were asked for."""
        said = request.now if request is not None else None
        asked, entered = SweepRequest(now=said or cut(workflow.now())), 0
        swept = Swept()
        for _ in range(_ROUNDS):
            swept = await _swept(asked)
            entered += swept.entered
            if not swept.more:
                return Swept(entered=entered, tide=swept.tide)
        return Swept(entered=entered, more=True, tide=swept.tide)


async def _swept(request: SweepRequest) -> Swept:
    return await workflow.execute_activity_method(
        TriggerActivities.sweep_triggers,
        request,
        start_to_close_timeout=_PATIENCE,
        schedule_to_close_timeout=_AT_MOST,
        retry_policy=_RETRY,
        summary="let enter who is due",
    )

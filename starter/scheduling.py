"""The Temporal Schedule that lets enter, every minute, whom a trigger by time is for."""

import asyncio
import logging
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleState,
)
from temporalio.service import RPCError

from schemas.names import QUEUE_ENROLLMENTS, SCHEDULE_TRIGGERS, WORKFLOW_SWEEP

_EVERY = timedelta(minutes=1)
_AGAIN_SECONDS = 30.0

log = logging.getLogger(__name__)


async def make_schedule(client: Client) -> bool:
    """Make the schedule, and tell whether there was none; one that is there stays as it is.

    A sweep lets enter all that is due, so none that was missed is made up for. Raises RPCError if
    Temporal does not answer, or does not allow it.
    """
    try:
        await client.create_schedule(SCHEDULE_TRIGGERS, _schedule())
    except ScheduleAlreadyRunningError:
        return False
    return True


async def keep_scheduled(client: Client) -> None:
    """Make it in the background, as often as that takes."""
    while True:
        try:
            await make_schedule(client)
        except (RPCError, OSError) as error:
            log.warning("triggers by time wait: no schedule yet (%s)", type(error).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)
        else:
            return


def _schedule() -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            WORKFLOW_SWEEP,
            id=SCHEDULE_TRIGGERS,
            task_queue=QUEUE_ENROLLMENTS,
            static_summary="who enters by the passing of time",
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_EVERY),
        state=ScheduleState(note="Lets enter whom `near`, `inactive` and `max` of enroll_on name."),
    )

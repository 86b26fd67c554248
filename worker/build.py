"""The workers of one process, a queue each: one decides and keeps records, two deliver."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from schemas.activities import EnrollmentActivities
from schemas.names import QUEUE_EMAIL_SEND, QUEUE_ENROLLMENTS, QUEUE_TRANSACTIONAL
from worker.faults import SpokenFaults
from worker.misfits import DroppingMisfits
from workflows.enrollment import Enrollment
from workflows.list_import import ListImport
from workflows.sweep import TriggerSweep

_DELIVERING = (QUEUE_EMAIL_SEND, QUEUE_TRANSACTIONAL)
QUEUES = 1 + len(_DELIVERING)
"""How many task queues a process works on, each with slots of its own."""

_GRACE = timedelta(seconds=30)
_CACHED_WORKFLOWS = 5_000

# These hold no state, and what they may import is checked: running them anew for each workflow
# would only cost several milliseconds of CPU a start.
_RUN_ONCE = SandboxRestrictions.default.with_passthrough_modules("workflows", "schemas")


@dataclass(frozen=True)
class Limits:
    """How much one process does at once: `slots` activities for each queue.

    `sends_per_second` limits delivery over all workers of the queue (Temporal's own limit).
    """

    slots: int = 8
    sends_per_second: float | None = None


class Work(NamedTuple):
    """What one worker takes on: the workflows and activities of a task queue."""

    queue: str
    workflows: Sequence[type] = ()
    activities: Sequence[Callable[..., object]] = ()


def build_workers(
    client: Client,
    activities: EnrollmentActivities,
    *,
    threads: ThreadPoolExecutor,
    limits: Limits,
    beside: Sequence[Callable[..., object]] = (),
) -> Sequence[Worker]:
    """Build the workers; `threads` run the activities of all QUEUES.

    `beside` are activities that no enrollment calls (a preview, a re-check). A stopping worker
    finishes what it has claimed for up to 30 seconds and starts nothing new.
    """
    workflows = [Enrollment, ListImport, TriggerSweep]
    deciding = Work(QUEUE_ENROLLMENTS, workflows, [*_records(activities), *beside])
    unlimited = Limits(limits.slots)
    decider = build_worker(client, deciding, threads=threads, limits=unlimited)
    delivering = [Work(queue, activities=_deliveries(activities)) for queue in _DELIVERING]
    return [
        decider,
        *(build_worker(client, one, threads=threads, limits=limits) for one in delivering),
    ]


def build_worker(
    client: Client, work: Work, *, threads: ThreadPoolExecutor, limits: Limits
) -> Worker:
    """Build one worker with the settings that all of ours have."""
    return Worker(
        client,
        task_queue=work.queue,
        workflows=work.workflows,
        activities=work.activities,
        activity_executor=threads,
        interceptors=[SpokenFaults(), DroppingMisfits()],
        max_concurrent_activities=limits.slots,
        max_cached_workflows=_CACHED_WORKFLOWS,
        max_task_queue_activities_per_second=limits.sends_per_second,
        workflow_runner=SandboxedWorkflowRunner(restrictions=_RUN_ONCE),
        graceful_shutdown_timeout=_GRACE,
    )


def _records(activities: EnrollmentActivities) -> Sequence[Callable[..., object]]:
    return [
        activities.begin_enrollment,
        activities.leave_line,
        activities.leave_room,
        activities.settle_send,
        activities.open_task,
        activities.hand_off,
        activities.carry_out,
        activities.look_up,
        activities.end_enrollment,
        activities.record_control,
    ]


def _deliveries(activities: EnrollmentActivities) -> Sequence[Callable[..., object]]:
    return [activities.send_email]

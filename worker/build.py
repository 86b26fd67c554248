"""The workers of one process: one decides and keeps records, one delivers; a queue each."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from schemas.activities import EnrollmentActivities
from schemas.names import QUEUE_EMAIL_SEND, QUEUE_ENROLLMENTS
from workflows.enrollment import Enrollment

_GRACE = timedelta(seconds=30)
_CACHED_WORKFLOWS = 5_000


def build_workers(
    client: Client,
    activities: EnrollmentActivities,
    *,
    threads: ThreadPoolExecutor,
    slots: int,
    sends_per_second: float | None = None,
) -> Sequence[Worker]:
    """Build the two workers; `slots` activities run at once in each, `threads` hold them all.

    A stopping worker finishes what it has claimed for up to 30 seconds and starts nothing new.
    `sends_per_second` limits delivery over all workers of the queue (Temporal's task queue limit).
    """
    return [
        _deciding(client, activities, threads, slots),
        _delivering(client, activities, threads, slots, sends_per_second),
    ]


def _deciding(
    client: Client, activities: EnrollmentActivities, threads: ThreadPoolExecutor, slots: int
) -> Worker:
    return Worker(
        client,
        task_queue=QUEUE_ENROLLMENTS,
        workflows=[Enrollment],
        activities=[
            activities.begin_enrollment,
            activities.settle_send,
            activities.open_task,
            activities.hand_off,
            activities.end_enrollment,
            activities.record_control,
        ],
        activity_executor=threads,
        max_concurrent_activities=slots,
        max_cached_workflows=_CACHED_WORKFLOWS,
        workflow_runner=SandboxedWorkflowRunner(),
        graceful_shutdown_timeout=_GRACE,
    )


def _delivering(
    client: Client,
    activities: EnrollmentActivities,
    threads: ThreadPoolExecutor,
    slots: int,
    per_second: float | None,
) -> Worker:
    return Worker(
        client,
        task_queue=QUEUE_EMAIL_SEND,
        activities=[activities.send_email],
        activity_executor=threads,
        max_concurrent_activities=slots,
        max_task_queue_activities_per_second=per_second,
        graceful_shutdown_timeout=_GRACE,
    )

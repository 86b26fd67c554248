"""Each activity's timeouts, retries and task queue, once."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError

from schemas.activities import (
    BeginRequest,
    ControlRequest,
    EffectRequest,
    EndRequest,
    EnrollmentActivities,
    HandOffRequest,
    LeaveRequest,
    LookRequest,
    RoomRequest,
    SendRequest,
    SettleRequest,
    TaskRequest,
)
from schemas.names import QUEUE_EMAIL_SEND, QUEUE_TRANSACTIONAL
from schemas.outcomes import (
    Enrolled,
    HandedOff,
    Held,
    Looked,
    Refused,
    SendOutcome,
    Settled,
    Waiting,
)
from schemas.progress import Ending

# Temporal knows five priorities, and of a longer fairness key than that it takes no task.
_FIRST, _LONGEST_KEY = 1, 64
_DATABASE = timedelta(seconds=30)
_SEND = timedelta(seconds=60)
_SEND_AT_MOST = timedelta(days=3)
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


async def begin(request: BeginRequest) -> Enrolled | Refused | Waiting:
    """Put the enrollment on record, however long the database is away."""
    return await workflow.execute_activity_method(
        EnrollmentActivities.begin_enrollment,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"begin {request.start.sequence}",
    )


async def leave(request: LeaveRequest) -> Refused:
    """Give the place and the turn of a start that waits no more to others."""
    return await workflow.execute_activity_method(
        EnrollmentActivities.leave_line,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"leave the line of {request.start.sequence}",
    )


async def send(request: SendRequest, sequence: str, *, transactional: bool = False) -> SendOutcome:
    """Send one mail; what could not be sent for three days is held for a person to look at.

    Transactional mails have a queue of their own, in which no bulk of others is before them.
    """
    try:
        return await workflow.execute_activity_method(
            EnrollmentActivities.send_email,
            request,
            task_queue=QUEUE_TRANSACTIONAL if transactional else QUEUE_EMAIL_SEND,
            start_to_close_timeout=_SEND,
            schedule_to_close_timeout=_SEND_AT_MOST,
            retry_policy=_RETRY,
            priority=Priority(
                priority_key=_FIRST if transactional else None,
                fairness_key=sequence[:_LONGEST_KEY],
            ),
            summary=f"{request.step}: {request.why}",
        )
    except ActivityError:
        return Held(reason="the mail could not be sent for three days; mend the cause, then resume")


async def settle(request: SettleRequest) -> Settled:
    """Settle a mail in doubt."""
    return await workflow.execute_activity_method(
        EnrollmentActivities.settle_send,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary="settle the mail in doubt",
    )


async def leave_room(request: RoomRequest) -> None:
    """Leave what a skipped mail had reserved to others."""
    await workflow.execute_activity_method(
        EnrollmentActivities.leave_room,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"{request.step}: leave its room to others",
    )


async def open_task(request: TaskRequest) -> None:
    """Create a task for a person."""
    await workflow.execute_activity_method(
        EnrollmentActivities.open_task,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"task {request.task}",
    )


async def hand_off(request: HandOffRequest) -> HandedOff | Refused:
    """End this enrollment and reserve the other sequence's."""
    return await workflow.execute_activity_method(
        EnrollmentActivities.hand_off,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"hand off to {request.to}",
    )


async def carry_out(request: EffectRequest, why: str) -> None:
    """Carry out a step that sets, posts or notifies."""
    await workflow.execute_activity_method(
        EnrollmentActivities.carry_out,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"{request.step}: {why}",
    )


async def look_up(request: LookRequest) -> Looked:
    """Ask the database what a condition needs to know."""
    return await workflow.execute_activity_method(
        EnrollmentActivities.look_up,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=" and ".join(f"count of {one.mark}" for one in request.questions),
    )


async def end(request: EndRequest) -> Ending:
    """Close the enrollment's record; the answer is the ending that counts."""
    return await workflow.execute_activity_method(
        EnrollmentActivities.end_enrollment,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"end: {request.ending.name}",
    )


async def control(request: ControlRequest) -> None:
    """Commit an operator's command."""
    await workflow.execute_activity_method(
        EnrollmentActivities.record_control,
        request,
        start_to_close_timeout=_DATABASE,
        retry_policy=_RETRY,
        summary=f"{request.control.action} by {request.control.who}",
    )

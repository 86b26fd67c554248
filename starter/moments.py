"""What time it is for an enrollment: the wall clock's, unless its clock was moved ahead."""

from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode


async def moment_of(client: Client, workflow_id: str, wall: datetime) -> datetime:
    """Give the enrollment's own moment: `wall`, or its virtual time where time was skipped.

    Time skipping exists on development servers only (Temporal, experimental); it is part of
    what describing a workflow tells.
    """
    try:
        described = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as unknown:
        if unknown.status is not RPCStatusCode.NOT_FOUND:
            raise
        return wall
    told = described.raw_description.workflow_extended_info
    if not told.HasField("time_skipping_info"):
        return wall
    return told.time_skipping_info.current_time.ToDatetime(tzinfo=UTC)

"""Asking a running enrollment where it stands."""

from datetime import timedelta

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

from schemas.enrollment import ProgressView
from schemas.names import QUERY_PROGRESS

_PATIENCE = timedelta(seconds=5)


async def ask(client: Client, workflow_id: str) -> ProgressView | None:
    """Give the enrollment's own view of itself; None if no worker answers, or too early."""
    handle = client.get_workflow_handle(workflow_id)
    try:
        answer: object = await handle.query(QUERY_PROGRESS, rpc_timeout=_PATIENCE)
    except (RPCError, WorkflowQueryFailedError):
        return None
    return None if answer is None else ProgressView.model_validate(answer)

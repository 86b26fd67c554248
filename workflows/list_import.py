"""Enrolling a list: it outlives the terminal that asked for it."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from schemas.lists import ListActivities, ListReport, ListRequest
    from schemas.names import WORKFLOW_LIST

_AT_MOST = timedelta(days=30)
_SIGN_OF_LIFE = timedelta(seconds=20)
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


@workflow.defn(name=WORKFLOW_LIST)
class ListImport:
    """One list, from its first row that waits to the last."""

    @workflow.run
    async def run(self, request: ListRequest) -> ListReport:
        """Let workers start the rows, one worker after another until all are done."""
        return await workflow.execute_activity_method(
            ListActivities.start_rows,
            request,
            start_to_close_timeout=_AT_MOST,
            heartbeat_timeout=_SIGN_OF_LIFE,
            retry_policy=_RETRY,
            summary="start the rows that wait",
        )

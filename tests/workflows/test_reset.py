from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from schemas.steps import WaitStep
from tests.builders import a_sequence, an_email, days
from tests.stage import Handle, Stage


async def reset_to_the_beginning(stage: Stage, handle: Handle) -> str:
    history = await handle.fetch_history()
    decided = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    first = next(event.event_id for event in history.events if event.event_type == decided)
    answer = await stage.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=stage.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id),
            reason="a test",
            workflow_task_finish_event_id=first,
            request_id=str(uuid4()),
        )
    )
    return answer.run_id


async def test_a_run_that_is_reset_is_still_the_same_enrollment(stage: Stage) -> None:
    sequence = a_sequence(an_email("one"), WaitStep(id="w", wait=days(9)))
    handle = await stage.start(sequence)
    before = await stage.until(handle, "live")

    run = await reset_to_the_beginning(stage, handle)
    after = await stage.until(handle, "live")

    assert run != handle.first_execution_run_id
    assert after.row == before.row == handle.first_execution_run_id

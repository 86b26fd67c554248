"""Signals and updates that hold nothing: JSON's null fits every shape, and says nothing."""

from temporalio import workflow
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)
from typing_extensions import override

from schemas.values import Value


class DroppingMisfits(Interceptor):
    """Lets a workflow hear only of what has the shape that it asks for."""

    @override
    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """Give what stands between Temporal and the workflow."""
        return _Hearing


class _Hearing(WorkflowInboundInterceptor):
    @override
    async def handle_signal(self, input: HandleSignalInput) -> None:
        if len(input.args) == 1 and isinstance(input.args[0], Value):
            await super().handle_signal(input)
        else:
            workflow.logger.warning("a signal %s that holds no event is dropped", input.signal)

    @override
    def handle_update_validator(self, input: HandleUpdateInput) -> None:
        if len(input.args) != 1 or not isinstance(input.args[0], Value):
            raise ValueError("send who gives this command, and why, as a JSON object")
        super().handle_update_validator(input)

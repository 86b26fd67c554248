"""What Temporal, and so whoever looks at an activity there, is told of a fault."""

from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor
from typing_extensions import override

from runtime.faults import sentence


class SpokenFaults(Interceptor):
    """Lets an activity's fault that a person can mend be one sentence.

    Of an error whose traces and causes are longer than 4 KB together, as those of a database that
    does not answer are, Temporal would keep no word (limit.mutableStateActivityFailureSize.error).
    """

    @override
    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Stand in front of each activity."""
        return _Activity(next)


class _Activity(ActivityInboundInterceptor):
    @override
    async def execute_activity(self, input: ExecuteActivityInput) -> object:
        try:
            return await self.next.execute_activity(input)
        except Exception as error:
            words = sentence(error)
            if words is None:
                raise
            raise ApplicationError(words, type=type(error).__name__) from None

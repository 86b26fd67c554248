"""A workflow that acts once a day."""

from datetime import datetime, timedelta

from temporalio import activity, workflow


@activity.defn
async def act(day: int) -> int:
    return day


@workflow.defn
class Daily:
    @workflow.run
    async def run(self, days: int) -> list[datetime]:
        moments = []
        for day in range(days):
            await workflow.sleep(timedelta(days=1))
            await workflow.execute_activity(act, day, start_to_close_timeout=timedelta(seconds=10))
            moments.append(workflow.now())
        return moments

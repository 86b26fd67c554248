"""The floor: workflows with a sequence's activities and timers, and nothing in them."""

from datetime import datetime, timedelta

from temporalio import activity, workflow

from schemas.events import Reply

BARE, BARE_SLEEPER, BARE_WAKER = "bare", "bare-sleeper", "bare-waker"
QUEUE_BARE, QUEUE_BARE_STEP = "bare", "bare-step"

_ANSWER = timedelta(seconds=30)


@activity.defn
def record() -> None:
    """Do nothing, where an enrollment goes on or off the record."""


@activity.defn
def step() -> None:
    """Do nothing, where an enrollment sends a mail."""


@workflow.defn(name=BARE)
class Bare:
    """As many activities, on two queues, and timers as a sequence has."""

    @workflow.run
    async def run(self, mails: int, days: int) -> None:
        """Begin, take so many steps with a wait of so many days between two, end."""
        await workflow.execute_activity(record, start_to_close_timeout=_ANSWER)
        for number in range(mails):
            if number:
                await workflow.sleep(timedelta(days=days))
            await workflow.execute_activity(
                step, task_queue=QUEUE_BARE_STEP, start_to_close_timeout=_ANSWER
            )
        await workflow.execute_activity(record, start_to_close_timeout=_ANSWER)


@workflow.defn(name=BARE_WAKER)
class BareWaker:
    """What sleeps after its beginning until a moment, and then does one thing."""

    @workflow.run
    async def run(self, until: datetime) -> None:
        """Begin, sleep, take one step, end."""
        await workflow.execute_activity(record, start_to_close_timeout=_ANSWER)
        await workflow.sleep(max(until - workflow.now(), timedelta()))
        await workflow.execute_activity(
            step, task_queue=QUEUE_BARE_STEP, start_to_close_timeout=_ANSWER
        )
        await workflow.execute_activity(record, start_to_close_timeout=_ANSWER)


@workflow.defn(name=BARE_SLEEPER)
class BareSleeper:
    """What sleeps after its beginning until a signal ends it."""

    def __init__(self) -> None:
        self._is_over = False

    @workflow.run
    async def run(self) -> None:
        """Begin, wait for the signal, end."""
        await workflow.execute_activity(record, start_to_close_timeout=_ANSWER)
        await workflow.wait_condition(lambda: self._is_over, timeout=timedelta(days=1))
        await workflow.execute_activity(record, start_to_close_timeout=_ANSWER)

    @workflow.signal
    def end(self, event: Reply) -> None:  # noqa: ARG002  (our workers let no signal without one in)
        """Take in what ends it."""
        self._is_over = True

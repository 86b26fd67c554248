import asyncio
import secrets
from datetime import datetime, timedelta

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from devstack.temporal import EmbeddedTemporal
from devstack.timeskip import Closed, Moved, SkipFailedError, lockstep, skip
from tests.devstack.daily import Daily, act

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Run = WorkflowHandle[Daily, list[datetime]]


@pytest.fixture(scope="module")
async def client(temporal: EmbeddedTemporal) -> Client:
    return await Client.connect(temporal.address, namespace=temporal.namespace)


@pytest.fixture
def queue() -> str:
    return f"daily-{secrets.token_hex(4)}"


def a_worker(client: Client, queue: str) -> Worker:
    return Worker(client, task_queue=queue, workflows=[Daily], activities=[act])


async def a_run(client: Client, queue: str, days: int) -> Run:
    name = f"run-{secrets.token_hex(4)}"
    return await client.start_workflow(Daily.run, days, id=name, task_queue=queue)


async def began(run: Run) -> datetime:
    return (await run.describe()).start_time


async def test_skipped_days_happen_at_their_own_moments(client: Client, queue: str) -> None:
    async with a_worker(client, queue):
        run = await a_run(client, queue, days=3)
        await skip(client, run.id, HOUR)
        await skip(client, run.id, 3 * DAY)
        moments = await run.result()

    days = [(moment - await began(run)) / DAY for moment in moments]
    assert days == pytest.approx([1, 2, 3], abs=0.01)


async def test_skip_tells_the_new_moment(client: Client, queue: str) -> None:
    async with a_worker(client, queue):
        run = await a_run(client, queue, days=9)
        moved = await skip(client, run.id, 2 * DAY + HOUR)

    assert isinstance(moved, Moved)
    assert moved.now - await began(run) == pytest.approx(2 * DAY + HOUR, abs=timedelta(minutes=10))


async def test_run_that_ends_on_the_way_is_reported_as_closed(client: Client, queue: str) -> None:
    async with a_worker(client, queue):
        run = await a_run(client, queue, days=1)

        assert await skip(client, run.id, 5 * DAY) == Closed(run.id)


async def test_run_that_was_over_before_is_reported_as_closed(client: Client, queue: str) -> None:
    async with a_worker(client, queue):
        run = await a_run(client, queue, days=0)
        await run.result()

        assert await skip(client, run.id, DAY) == Closed(run.id)


async def test_unknown_enrollment_is_named(client: Client) -> None:
    with pytest.raises(SkipFailedError, match=r"^There is no enrollment nobody-here"):
        await skip(client, "nobody-here", DAY)


async def test_skip_without_a_worker_says_to_start_one(client: Client, queue: str) -> None:
    run = await a_run(client, queue, days=2)

    with pytest.raises(SkipFailedError, match=rf"^{run.id} did not move .* start a worker"):
        await skip(client, run.id, DAY, patience=timedelta(seconds=0.2))


async def test_late_skip_takes_place_as_soon_as_a_worker_runs(client: Client, queue: str) -> None:
    run = await a_run(client, queue, days=2)
    with pytest.raises(SkipFailedError):
        await skip(client, run.id, 3 * DAY, patience=timedelta(seconds=0.2))

    async with a_worker(client, queue):
        moments = await run.result()

    assert moments[-1] - await began(run) > DAY


async def test_lockstep_moves_each_by_the_same_slice(client: Client, queue: str) -> None:
    async with a_worker(client, queue):
        runs = [await a_run(client, queue, days) for days in (1, 2, 9)]
        ids = [run.id for run in runs]
        await lockstep(client, ids, HOUR)
        after_one_day = await lockstep(client, ids, DAY)
        after_two_days = await lockstep(client, ids, DAY)

    assert [type(move) for move in after_one_day] == [Closed, Moved, Moved]
    assert [type(move) for move in after_two_days] == [Closed, Closed, Moved]
    assert [move.workflow_id for move in after_two_days] == ids


async def test_lockstep_fails_with_one_sentence(client: Client, queue: str) -> None:
    async with a_worker(client, queue):
        run = await a_run(client, queue, days=9)

        with pytest.raises(SkipFailedError, match=r"^There is no enrollment nobody-here"):
            await lockstep(client, [run.id, "nobody-here"], DAY)


async def test_many_short_skips_pass_over_nothing(client: Client, queue: str) -> None:
    async def moved_by_a_little(run: Run) -> datetime:
        for _ in range(8):
            await skip(client, run.id, timedelta(milliseconds=2))
        return await TimeSkipper(client).get_current_time(run)

    async with a_worker(client, queue):
        runs = [await a_run(client, queue, days=9) for _ in range(12)]
        await lockstep(client, [run.id for run in runs], HOUR)
        moments = await asyncio.gather(*(moved_by_a_little(run) for run in runs))

    assert [now - await began(run) < DAY for now, run in zip(moments, runs, strict=True)] == [
        True
    ] * len(runs)


async def test_untouched_run_stays_in_real_time(client: Client, queue: str) -> None:
    async with a_worker(client, queue):
        moved, untouched = [await a_run(client, queue, days=9) for _ in range(2)]
        await skip(client, moved.id, 3 * DAY + HOUR)

    assert await TimeSkipper(client).get_time_skipping_info(untouched) is None

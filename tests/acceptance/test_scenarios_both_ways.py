"""Every shipped scenario, simulated and on real servers: the same sends, the same endings."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from authoring.scenarios.trials import folders_in
from authoring.text.faults import Faults
from devstack.demo.stage import Stage
from devstack.rehearsal.cases import Case, as_lived, cases_in, lived
from devstack.rehearsal.living import Lived
from devstack.stack import Stack
from runtime.clock import wall_now
from starter.authored.publishing import Published, publish
from storage.sending import caps
from tests.devstack.waiting import eventually, is_gone

SEQUENCES = Path(__file__).parents[2] / "sequences"
AT_ONCE = 12


def cases() -> list[Case]:
    found = cases_in(folders_in(SEQUENCES))
    assert not isinstance(found, Faults), found
    return found


@asynccontextmanager
async def worker_away(stack: Stack) -> AsyncIterator[None]:
    worker = stack.record.pids["worker"]
    os.kill(worker, signal.SIGKILL)
    assert await asyncio.to_thread(eventually, lambda: is_gone(worker))
    yield
    await asyncio.to_thread(stack.restart, "worker")


@pytest.fixture(scope="module")
async def all_lived(stage: Stage, running: Stack) -> dict[str, Lived | str]:
    published = publish(stage.engine, tuple(folders_in(SEQUENCES)), by="test", at=wall_now())
    assert all(isinstance(one, Published) for one in published), published
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(case: Case) -> Lived | str:
        async with turns:
            return await lived(stage, case)

    found = cases()
    beside = [case for case in found if not case.sharing()]
    answers = await asyncio.gather(*(in_turn(case) for case in beside))
    # These do without the worker for a while, which nobody else could.
    alone = [case for case in found if case.sharing()]
    answers += [await lived(stage, case, partial(worker_away, running)) for case in alone]
    # The project's caps hold for all sequences, and so for those of other tests.
    with stage.engine.begin() as connection:
        caps.put(connection, None, by="test", at=wall_now())
    ordered = [case.name for case in (*beside, *alone)]
    return dict(zip(ordered, answers, strict=True))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_scenario_is_the_same_simulated_and_on_real_servers(
    case: Case, all_lived: dict[str, Lived | str]
) -> None:
    assert all_lived[case.name] == as_lived(case.simulated())

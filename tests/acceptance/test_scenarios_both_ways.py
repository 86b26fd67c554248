"""Every shipped scenario, simulated and on real servers: the same sends, the same endings."""

import asyncio
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from authoring.scenarios import NOBODY_IN_PARTICULAR, Written
from authoring.simulations import Simulation
from authoring.trials import Trials, folders_in, load_trials
from devstack.demo.stage import Stage
from devstack.stack import Stack
from runtime.clock import wall_now
from starter.publishing import Published, publish
from tests.acceptance.doors import CannotBeLivedError
from tests.acceptance.living import Life, Lived

SEQUENCES = Path(__file__).parents[2] / "sequences"
AT_ONCE = 12


class Case(NamedTuple):
    trials: Trials
    written: Written

    @property
    def name(self) -> str:
        return f"{self.trials.version.sequence.name}: {self.written.name}"

    @property
    def contact_id(self) -> str:
        """Give a contact's id that no other scenario has; one that is written stays in it."""
        own = self.written.contact_id
        mark = sha256(self.name.encode()).hexdigest()[:12]
        return f"{NOBODY_IN_PARTICULAR}-{mark}" if own == NOBODY_IN_PARTICULAR else own


def cases() -> list[Case]:
    loaded = [load_trials(folder) for folder in folders_in(SEQUENCES)]
    sound = [one for one in loaded if isinstance(one, Trials)]
    assert len(sound) == len(loaded), loaded
    return [Case(trials, written) for trials in sound for written in trials.scenarios]


def simulated(case: Case) -> Simulation:
    return case.trials.simulated(case.written, case.contact_id)


def sharing(case: Case) -> frozenset[str]:
    """Give the ids of events in whose minute something would happen without them, too."""
    written = case.written
    found: set[str] = set()
    for one in written.events:
        others = tuple(other for other in written.events if other is not one)
        without = simulated(case._replace(written=replace(written, events=others)))
        event = one.in_enrollment(written.begun)
        if event.at in {entry.at for entry in without.timeline}:
            found.add(event.id)
    return frozenset(found)


async def lived(stage: Stage, stack: Stack, case: Case) -> Lived | str:
    written, told = case.written, simulated(case)
    placed = (one.in_enrollment(written.begun) for one in written.events)
    events = sorted(placed, key=lambda one: (one.at or written.start, one.id))
    life = Life(
        stage=stage,
        stack=stack,
        sequence=case.trials.version.sequence,
        written=written,
        contact_id=case.contact_id,
        known_until=max([written.start, *(entry.at for entry in told.timeline)]),
        sharing=sharing(case),
    )
    try:
        return await life.live(events)
    except CannotBeLivedError as fault:
        return str(fault)


def as_lived(told: Simulation) -> Lived:
    sends = tuple((one.step, one.at) for one in told.sends)
    timeline = tuple((one.at, one.what, one.step) for one in told.timeline)
    return Lived(timeline=timeline, sends=sends, ending=told.ending, refused=told.reason)


@pytest.fixture(scope="module")
async def all_lived(stage: Stage, running: Stack) -> dict[str, Lived | str]:
    published = publish(stage.engine, tuple(folders_in(SEQUENCES)), by="test", at=wall_now())
    assert all(isinstance(one, Published) for one in published), published
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(case: Case) -> Lived | str:
        async with turns:
            return await lived(stage, running, case)

    found = cases()
    beside = [case for case in found if not sharing(case)]
    answers = await asyncio.gather(*(in_turn(case) for case in beside))
    # These do without the worker for a while, which nobody else could.
    alone = [case for case in found if sharing(case)]
    answers += [await lived(stage, running, case) for case in alone]
    ordered = [case.name for case in (*beside, *alone)]
    return dict(zip(ordered, answers, strict=True))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_scenario_is_the_same_simulated_and_on_real_servers(
    case: Case, all_lived: dict[str, Lived | str]
) -> None:
    assert all_lived[case.name] == as_lived(simulated(case))

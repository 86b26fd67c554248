"""Sequences' own scenarios, lived on the demo's servers, each on a clock of its own."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from authoring.text.faults import Faults
from devstack.demo.shapes import Checked, DemoFailedError, Phase, Rehearsed, Tell
from devstack.demo.stage import Stage
from devstack.rehearsal.cases import Case, as_lived, cases_in, lived
from devstack.rehearsal.living import Lived
from runtime.clock import wall_now
from schemas.ids import enrollment_id
from schemas.outcomes import Refused
from starter.operating import Order, command

SEQUENCES = Path(__file__).parents[2] / "sequences"

_AT_ONCE = 12


def cases_of(names: Iterable[str]) -> list[Case]:
    """Read the scenarios of shipped sequences that can be lived beside others.

    Left out are those that need the worker to be away for a moment, or others to be in the way:
    what is put on record for them alone is no part of the demo's story.
    """
    read = cases_in([SEQUENCES / name for name in names])
    if isinstance(read, Faults):
        raise DemoFailedError(f"the scenarios cannot be read: {read}")
    return [case for case in read if not _needs_more(case)]


def _needs_more(case: Case) -> bool:
    return bool(case.written.refuses or case.sharing() or case.invents_others())


def first_of_each(cases: Iterable[Case]) -> list[Case]:
    """Give the scenario of each sequence in which most happens."""
    fullest: dict[str, Case] = {}
    for case in cases:
        name = case.trials.version.sequence.name
        if name not in fullest or _length(case) > _length(fullest[name]):
            fullest[name] = case
    return list(fullest.values())


async def rehearse(stage: Stage, cases: list[Case], tell: Tell) -> tuple[Rehearsed, ...]:
    """Live the cases; who is still enrolled at the end is taken out by an operator."""
    names = dict.fromkeys(case.trials.version.sequence.name for case in cases)
    tell(Phase(title=f"Living {len(cases)} scenarios of {', '.join(names)}"))
    turns = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(case: Case) -> Rehearsed:
        async with turns:
            return await _rehearsed(stage, case)

    return tuple(await asyncio.gather(*(in_turn(case) for case in cases)))


def check_rehearsed(rehearsed: tuple[Rehearsed, ...]) -> Checked:
    """Check that all came on real servers as it was simulated."""
    wrong = tuple(f"{one.sequence}: {one.scenario}: {one.fault}" for one in rehearsed if one.fault)
    return Checked(
        promise="Each scenario came on real servers as it was simulated, to the minute",
        kept=not wrong,
        figures=f"{len(rehearsed) - len(wrong)} of {len(rehearsed)} scenarios",
        listed=wrong,
    )


async def _rehearsed(stage: Stage, case: Case) -> Rehearsed:
    sequence, written = case.trials.version.sequence, case.written
    workflow_id = enrollment_id(sequence.name, case.contact_id, written.key)
    came, expected = await lived(stage, case), as_lived(case.simulated())
    if isinstance(came, Lived) and came.ending is None and came.refused is None:
        await _take_out(stage, workflow_id)
    ending = expected.refused or (expected.ending.name if expected.ending else "still waiting")
    return Rehearsed(
        sequence=sequence.name,
        scenario=written.name,
        workflow_id=workflow_id,
        is_refused=expected.refused is not None,
        mails=len(expected.sends),
        happened=_length(case),
        ending=ending,
        fault="" if came == expected else _fault(came),
    )


async def _take_out(stage: Stage, workflow_id: str) -> None:
    order = Order(action="exit", who="demo", why="the scenario is over", wall=wall_now())
    answer = await command(stage.client, stage.engine, workflow_id, order)
    if isinstance(answer, Refused) and answer.reason != "ended":
        raise DemoFailedError(f"{workflow_id} cannot be ended: {answer.message}")


def _fault(came: Lived | str) -> str:
    if isinstance(came, str):
        return came
    mails = ", ".join(f"{step} {at:%Y-%m-%d %H:%M}" for step, at in came.sends)
    over = came.refused or (came.ending.name if came.ending else "still waiting")
    return f"it was {over} after {mails or 'no mail'} (UTC)"


def _length(case: Case) -> int:
    return len(case.simulated().timeline)
